package simreport

import (
	"io"

	"gonum.org/v1/plot/plotter"

	"slbtui/engine/comparison"
)

func hasLoneFault(c *comparison.Comparison) bool {
	_, ok := c.Scenario.LoneFault()
	return ok
}

// drawRecovery draws the latency and the faulty server's share over time; the fault is shaded.
func drawRecovery(w io.Writer, c *comparison.Comparison) error {
	fault, _ := c.Scenario.LoneFault()
	id := c.Scenario.ServerIDs()[fault.Server]
	latency := newPanel(c.Scenario.Name+": "+c.Scenario.About, "time a request was due, s", "p95 of successful requests, ms (fault shaded)")
	share := newPanel("", "time a request was due, s", "share of requests sent to "+id+", %")
	logAxis(&latency.Y)
	f := newFigure(latency, share)
	span := shade{fault.From.Seconds(), fault.To.Seconds()}
	latency.Add(span)
	share.Add(span)
	for i, row := range shown(c.Rows) {
		var p95, toServer plotter.XYs
		for s, second := range row.Seconds {
			at := float64(s) + 0.5
			if second.P95MS > 0 { // some did succeed
				p95 = append(p95, plotter.XY{X: at, Y: second.P95MS})
			}
			toServer = append(toServer, plotter.XY{X: at, Y: 100 * second.Share[fault.Server]})
		}
		l := lookOf(row.Policy, i)
		if len(p95) > 0 {
			if _, err := line(latency, p95, l); err != nil {
				return err
			}
		}
		drawn, err := line(share, toServer, l)
		if err != nil {
			return err
		}
		f.legend.Add(row.Policy, drawn)
	}
	for _, p := range f.panels {
		timeAxis(&p.X, c.Scenario.Duration.Seconds())
	}
	share.Y.Min, share.Y.Max = 0, 100
	return f.write(w)
}
