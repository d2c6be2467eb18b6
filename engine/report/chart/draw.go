package chart

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

const (
	chartWidth = 640 // points
	chartDPI   = 144
	headRow    = 15 // points a row of the head: title, subtitle, legend
	margin     = 8
)

// PNG draws a chart as PNG.
func PNG(w io.Writer, chart Chart) error {
	width, height := chart.size()
	canvas := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(chartDPI), vgimg.UseBackgroundColor(color.White))}
	chart.draw(draw.New(canvas))
	if _, err := canvas.WriteTo(w); err != nil {
		return fmt.Errorf("draw %s: %w", chart.Name, err)
	}
	return nil
}

// SVG draws a chart as SVG. Its font is named, with others of the same widths to fall back to,
// and not embedded.
func SVG(w io.Writer, chart Chart) error {
	canvas := vgsvg.New(chart.size())
	chart.draw(draw.New(canvas))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return fmt.Errorf("draw %s: %w", chart.Name, err)
	}
	const font = "font-family:Liberation Sans"
	if _, err := w.Write(bytes.ReplaceAll(b.Bytes(), []byte(font), []byte(font+",Arial,Helvetica,sans-serif"))); err != nil {
		return fmt.Errorf("draw %s: %w", chart.Name, err)
	}
	return nil
}

func (chart Chart) columns() int { return max(1, chart.Columns) }

func (chart Chart) rows() int { return (len(chart.Panels) + chart.columns() - 1) / chart.columns() }

// size is the size of the whole figure in points.
func (chart Chart) size() (width, height vg.Length) {
	head := headRow*(2+len(legendRows(chart.Keys))) + margin
	return chartWidth, vg.Length(head + chart.rows()*int(chart.Height) + 2*margin)
}

func (chart Chart) draw(c draw.Canvas) {
	c.SetColor(color.White)
	c.Fill(c.Path())
	c = draw.Crop(c, margin, -margin, margin, -margin)
	y := c.Max.Y - headRow
	c.FillText(writing(12, ink, true), vg.Point{X: c.Min.X, Y: y}, chart.Title)
	y -= headRow
	small := writing(9, faint, false)
	c.FillText(small, vg.Point{X: c.Min.X, Y: y}, cut(small, chart.Subtitle, c.Max.X-c.Min.X))
	for _, row := range legendRows(chart.Keys) {
		y -= headRow
		row.draw(c, y)
	}
	c.Max.Y = y - margin

	plots := make([][]*plot.Plot, chart.rows())
	for i := range plots {
		plots[i] = make([]*plot.Plot, chart.columns())
	}
	for i, panel := range chart.Panels {
		p := plot.New()
		dress(p, panel)
		p.Add(panel)
		plots[i/chart.columns()][i%chart.columns()] = p
	}
	tiles := draw.Tiles{Rows: chart.rows(), Cols: chart.columns(), PadX: 14, PadY: 12}
	canvases := plot.Align(plots, tiles, c)
	for i, row := range plots {
		for j, p := range row {
			if p != nil {
				p.Draw(canvases[i][j])
			}
		}
	}
}

// cut shortens a text that is wider than the room.
func cut(style text.Style, s string, room vg.Length) string {
	if style.Width(s) <= room {
		return s
	}
	letters := []rune(s)
	n := sort.Search(len(letters), func(n int) bool { return style.Width(string(letters[:n+1])+"...") > room })
	return string(letters[:n]) + "..."
}
