package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	keySample = 26 // points
	keyGap    = 5
	keyApart  = 18
)

// legendRow is the part of a legend that fits into the width of a figure.
type legendRow []Key

// legendRows breaks a legend into rows.
func legendRows(keys []Key) []legendRow {
	var out []legendRow
	room := vg.Length(0)
	for _, k := range keys {
		width := k.width()
		if out == nil || room < width {
			out, room = append(out, nil), chartWidth-2*margin
		}
		out[len(out)-1] = append(out[len(out)-1], k)
		room -= width
	}
	return out
}

func (k Key) width() vg.Length {
	return keySample + keyGap + writing(9, ink, false).Width(k.Name) + keyApart
}

func (r legendRow) draw(c draw.Canvas, y vg.Length) {
	x := c.Min.X
	for _, k := range r {
		s := styleOf(k.Style)
		c.StrokeLine2(s.line(), x, y+3, x+keySample, y+3)
		c.DrawGlyph(s.marker(), vg.Point{X: x + keySample/2, Y: y + 3})
		c.FillText(writing(9, ink, false), vg.Point{X: x + keySample + keyGap, Y: y}, k.Name)
		x += k.width()
	}
}
