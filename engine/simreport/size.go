package simreport

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"slbtui/engine/comparison"
)

// sizes returns the scenarios that differ in the number of unlike servers, the smallest first.
func sizes(r comparison.Report) []*comparison.Comparison {
	var out []*comparison.Comparison
	for i := range r.Comparisons {
		if c := &r.Comparisons[i]; strings.HasPrefix(c.Scenario.Name, "unlike") {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *comparison.Comparison) int {
		return cmp.Compare(len(a.Scenario.Servers), len(b.Scenario.Servers))
	})
	return out
}

// drawSizes draws p99 against the number of servers, with 95 % intervals.
func drawSizes(w io.Writer, r comparison.Report) error {
	p := newPanel("unlike servers at load .7", "number of servers", "p99, ms (bars: 95 % interval over the seeds)")
	logAxis(&p.X)
	logAxis(&p.Y)
	f := newFigure(p)
	scenarios := sizes(r)
	var ticks plot.ConstantTicks
	for _, c := range scenarios {
		n := len(c.Scenario.Servers)
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: strconv.Itoa(n)})
	}
	p.X.Tick.Marker = ticks
	for i, row := range shown(scenarios[0].Rows) {
		var xys plotter.XYs
		var bars plotter.YErrors
		for _, c := range scenarios {
			if at := c.Row(row.Policy); at != nil && at.All.P99MS > 0 {
				xys = append(xys, plotter.XY{X: float64(len(c.Scenario.Servers)), Y: at.All.P99MS})
				bars = append(bars, struct{ Low, High float64 }{at.All.P99MS - at.All.P99CI[0], at.All.P99CI[1] - at.All.P99MS})
			}
		}
		if len(xys) == 0 {
			continue
		}
		l := lookOf(row.Policy, i)
		drawn, err := line(p, xys, l)
		if err != nil {
			return err
		}
		intervals, err := plotter.NewYErrorBars(struct {
			plotter.XYs
			plotter.YErrors
		}{xys, bars})
		if err != nil {
			return fmt.Errorf("intervals of %s: %w", row.Policy, err)
		}
		intervals.Color = l.Color
		points, err := plotter.NewScatter(xys)
		if err != nil {
			return err
		}
		points.GlyphStyle = draw.GlyphStyle{Color: l.Color, Radius: vg.Points(3.5), Shape: l.shape}
		p.Add(intervals, points)
		f.legend.Add(row.Policy, drawn, points)
	}
	return f.write(w)
}
