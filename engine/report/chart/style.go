package chart

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// style tells one line from another by colour, dashes and marker, so that it can be told on paper
// without colours too.
type style struct {
	colour color.NRGBA
	dashes []vg.Length
	glyph  draw.GlyphDrawer
}

var styles = []style{
	{Black, nil, draw.CircleGlyph{}},
	{Vermillion, []vg.Length{5, 2}, draw.PyramidGlyph{}},
	{Blue, nil, draw.BoxGlyph{}},
	{Green, []vg.Length{1.5, 1.5}, draw.CrossGlyph{}},
	{Purple, []vg.Length{6, 2, 1.5, 2}, draw.PlusGlyph{}},
	{Orange, []vg.Length{8, 2}, draw.RingGlyph{}},
	{SkyBlue, []vg.Length{3, 1.5}, draw.SquareGlyph{}},
	{rgb(0x70, 0x70, 0x70), []vg.Length{1, 2}, draw.TriangleGlyph{}},
}

var (
	ink       = rgb(0x22, 0x22, 0x22)
	faint     = rgb(0x66, 0x66, 0x66)
	grid      = rgb(0xE4, 0xE4, 0xE4)
	shade     = rgb(0xF5, 0xE8, 0xDB)
	shadeEdge = rgb(0xD9, 0xB8, 0x96)
)

// pale is the colour mixed with white, which covers what is below.
func (s style) pale() color.NRGBA {
	mix := func(v uint8) uint8 { return uint8((int(v) + 255) / 2) }
	return rgb(mix(s.colour.R), mix(s.colour.G), mix(s.colour.B))
}

func styleOf(n int) style { return styles[n%len(styles)] }

func (s style) line() draw.LineStyle {
	return draw.LineStyle{Color: s.colour, Width: vg.Points(1.3), Dashes: s.dashes}
}

func (s style) marker() draw.GlyphStyle {
	return draw.GlyphStyle{Color: s.colour, Radius: vg.Points(2.4), Shape: s.glyph}
}

func writing(size vg.Length, c color.Color, bold bool) text.Style {
	f := font.From(plot.DefaultFont, size)
	f.Variant = "Sans"
	if bold {
		f.Weight = boldWeight
	}
	return text.Style{Color: c, Font: f, Handler: plot.DefaultTextHandler}
}
