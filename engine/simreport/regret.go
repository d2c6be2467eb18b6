package simreport

import (
	"io"
	"slices"

	"gonum.org/v1/plot/plotter"

	"slbtui/engine/comparison"
)

// drawRegret draws the cumulative regret over time. Policies far behind would hide the others, so
// the axis ends at three times the median of the policies; their lines leave it.
func drawRegret(w io.Writer, c *comparison.Comparison) error {
	p := newPanel(c.Scenario.Name+": "+c.Scenario.About, "time a request was due, s", "regret so far against the better clairvoyant, s of latency (lines may leave the picture)")
	f := newFigure(p)
	var ends []float64
	for i, row := range shown(c.Rows) {
		xys := make(plotter.XYs, len(row.RegretS))
		for s, regret := range row.RegretS {
			xys[s] = plotter.XY{X: float64(s + 1), Y: regret}
		}
		if len(xys) == 0 {
			continue
		}
		drawn, err := line(p, xys, lookOf(row.Policy, i))
		if err != nil {
			return err
		}
		f.legend.Add(row.Policy, drawn)
		ends = append(ends, xys[len(xys)-1].Y)
	}
	if slices.Sort(ends); len(ends) > 0 && ends[len(ends)/2] > 0 {
		p.Y.Max = min(p.Y.Max, 3*ends[len(ends)/2])
	}
	timeAxis(&p.X, c.Scenario.Duration.Seconds())
	return f.write(w)
}
