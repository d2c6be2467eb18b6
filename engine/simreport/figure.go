package simreport

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"slbtui/engine/report/chart"
)

const (
	figureWidth = 20 * vg.Centimeter
	panelHeight = 9 * vg.Centimeter
	legendWidth = 4.4 * vg.Centimeter
	figureDPI   = 120
)

// figure is one or more panels above each other with a legend at their right.
type figure struct {
	panels []*plot.Plot
	legend plot.Legend
	height vg.Length // of all panels
}

func newFigure(panels ...*plot.Plot) *figure {
	f := &figure{panels: panels, legend: plot.NewLegend(), height: panelHeight * vg.Length(len(panels))}
	f.legend.Top, f.legend.Left = true, true
	f.legend.Padding = vg.Points(4)
	f.legend.ThumbnailWidth = vg.Points(26)
	f.legend.TextStyle.Font.Size = font.Points(9.5)
	return f
}

// newPanel names the y axis below the title: beside a logarithmic axis a long label would cost height.
func newPanel(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text = strings.TrimSpace(title+"\n"+y), x
	p.Title.Padding = vg.Points(6)
	p.Title.TextStyle.Font.Size = 11
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font.Size = 10.5
		a.Tick.Label.Font.Size = 9.5
		a.Label.Padding = vg.Points(3)
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = faint, faint
	p.Add(grid)
	return p
}

// write draws the figure as PNG.
func (f *figure) write(w io.Writer) error {
	img := vgimg.NewWith(vgimg.UseWH(figureWidth, f.height+vg.Centimeter/2), vgimg.UseDPI(figureDPI))
	page := draw.Crop(draw.New(img), vg.Points(6), -vg.Points(6), vg.Points(6), -vg.Points(6))
	f.legend.Draw(draw.Crop(page, page.Size().X-legendWidth, 0, 0, -vg.Points(26)))
	left := draw.Crop(page, 0, -legendWidth-vg.Points(10), 0, 0)
	rows := make([][]*plot.Plot, len(f.panels))
	for i, p := range f.panels {
		keepPositive(&p.X)
		keepPositive(&p.Y)
		rows[i] = []*plot.Plot{p}
	}
	tiles := draw.Tiles{Rows: len(rows), Cols: 1, PadY: vg.Points(10)}
	for i, canvases := range plot.Align(rows, tiles, left) {
		f.panels[i].Draw(canvases[0])
	}
	if _, err := (vgimg.PngCanvas{Canvas: img}).WriteTo(w); err != nil {
		return fmt.Errorf("encode PNG: %w", err)
	}
	return nil
}

// line adds a line to a panel, and returns it for the legend.
func line(p *plot.Plot, xys plotter.XYs, l look) (*plotter.Line, error) {
	drawn, err := plotter.NewLine(xys)
	if err != nil {
		return nil, err
	}
	drawn.LineStyle = l.LineStyle
	p.Add(drawn)
	return drawn, nil
}

// shade marks a span of the x axis over the whole height.
type shade struct{ from, to float64 }

// Plot draws it behind what is added later.
func (s shade) Plot(c draw.Canvas, p *plot.Plot) {
	toX, _ := p.Transforms(&c)
	x1, x2 := max(c.Min.X, toX(s.from)), min(c.Max.X, toX(s.to))
	c.FillPolygon(chart.Translucent(chart.Vermillion, 28), []vg.Point{{X: x1, Y: c.Min.Y}, {X: x2, Y: c.Min.Y}, {X: x2, Y: c.Max.Y}, {X: x1, Y: c.Max.Y}})
}

// logAxis makes an axis logarithmic, with plain numbers at 1, 2 and 5 of each decade, or
// at all steps within one.
func logAxis(a *plot.Axis) {
	a.Scale = plot.LogScale{}
	a.Tick.Marker = plot.TickerFunc(func(low, high float64) []plot.Tick {
		wide, narrow := high/low > 1000, high/low < 10
		return chart.LogTicks(low, high, func(m int, v float64) string {
			if m == 1 || narrow || !wide && (m == 2 || m == 5) {
				return strconv.FormatFloat(v, 'g', 12, 64)
			}
			return ""
		})
	})
}

// keepPositive gives a logarithmic axis a range it can show when nothing, or a single value, is
// drawn along it.
func keepPositive(a *plot.Axis) {
	if _, ok := a.Scale.(plot.LogScale); !ok {
		return
	}
	switch {
	case !(a.Min > 0) || math.IsInf(a.Min, 0) || math.IsInf(a.Max, 0):
		a.Min, a.Max = 1, 10
	case !(a.Max > a.Min):
		a.Min, a.Max = a.Min/2, a.Min*2
	}
}

// timeAxis spans a run, with a number every 10 s, or fewer in long runs.
func timeAxis(a *plot.Axis, seconds float64) {
	a.Min, a.Max = 0, seconds
	step := 10 * math.Ceil(seconds/100)
	var ticks plot.ConstantTicks
	for at := 0.0; at <= seconds; at += step {
		ticks = append(ticks, plot.Tick{Value: at, Label: strconv.FormatFloat(at, 'f', 0, 64)})
	}
	a.Tick.Marker = ticks
}
