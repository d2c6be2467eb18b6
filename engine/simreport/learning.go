package simreport

import (
	"io"
	"slices"

	"gonum.org/v1/plot/plotter"

	"slbtui/engine/comparison"
	"slbtui/engine/report/chart"
	"slbtui/engine/simulate"
)

// drawLearning draws the mean latency over the course of a run: the median over the seeds, and for
// learners and references the quartiles as a band.
func drawLearning(w io.Writer, c *comparison.Comparison) error {
	p := newPanel(c.Scenario.Name+": "+c.Scenario.About, "requests so far", "mean of a block, ms (median of the seeds, band: quartiles)")
	logAxis(&p.Y)
	f := newFigure(p)
	block := c.Scenario.CurveBlock()
	classical := simulate.ClassicalPolicies()
	for i, row := range shown(c.Rows) {
		var median, edge, back plotter.XYs
		for b, band := range row.Curve {
			if band.Low <= 0 {
				continue // nothing succeeded
			}
			x := (float64(b) + 0.5) * float64(block)
			median = append(median, plotter.XY{X: x, Y: band.Median})
			edge = append(edge, plotter.XY{X: x, Y: band.Low})
			back = append(back, plotter.XY{X: x, Y: band.High})
		}
		if len(median) == 0 {
			continue
		}
		l := lookOf(row.Policy, i)
		if !slices.Contains(classical, row.Policy) {
			for j := len(back) - 1; j >= 0; j-- {
				edge = append(edge, back[j])
			}
			area, err := plotter.NewPolygon(edge)
			if err != nil {
				return err
			}
			area.Color = chart.Translucent(l.Color, 40)
			area.Width = 0
			p.Add(area)
		}
		drawn, err := line(p, median, l)
		if err != nil {
			return err
		}
		f.legend.Add(row.Policy, drawn)
	}
	p.X.Min = 0
	return f.write(w)
}
