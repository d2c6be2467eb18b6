package simreport

import (
	"io"

	"gonum.org/v1/plot/plotter"

	"slbtui/engine/comparison"
)

// rarest is the smallest share a tail is drawn to: below it there is nothing but luck.
const rarest = 1e-4

// drawTail draws the complementary distribution of the latencies: how many requests took longer.
func drawTail(w io.Writer, c *comparison.Comparison) error {
	p := newPanel(c.Scenario.Name+": "+c.Scenario.About, "latency of successful requests, ms", "share of requests that took longer")
	logAxis(&p.X)
	logAxis(&p.Y)
	f := newFigure(p)
	for i, row := range shown(c.Rows) {
		var xys plotter.XYs
		ms, share := row.Tail.Above()
		for j := range ms {
			if share[j] >= rarest {
				xys = append(xys, plotter.XY{X: ms[j], Y: share[j]})
			}
		}
		if len(xys) < 2 {
			continue
		}
		drawn, err := line(p, xys, lookOf(row.Policy, i))
		if err != nil {
			return err
		}
		f.legend.Add(row.Policy, drawn)
	}
	p.Y.Min, p.Y.Max = rarest, 1
	return f.write(w)
}
