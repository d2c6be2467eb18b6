package report

import (
	"math"
	"slices"

	"slbtui/engine/report/chart"
)

func throughputComparison(c Comparison) chart.Chart {
	figure := chart.Chart{
		Name: "throughput_comparison", Title: "Throughput and success", Keys: keys(c), Height: 190,
		Caption: "Successful requests per second, and the share of requests that succeeded, in equal parts of the run. With open-loop load a policy that keeps up serves what is offered: lines on each other are the normal case.",
	}
	part := func(value func(Window) float64) []chart.Line {
		return lines(c, func(p PolicyResult) chart.Line {
			var l chart.Line
			for i, w := range p.Windows {
				if i > 0 && w.Index != p.Windows[i-1].Index+1 {
					l.X, l.Y = append(l.X, w.StartS), append(l.Y, math.NaN())
				}
				l.X, l.Y = append(l.X, (w.StartS+w.EndS)/2), append(l.Y, value(w))
			}
			return l
		})
	}
	served := part(func(w Window) float64 { return w.Throughput })
	if len(served) == 0 {
		return figure
	}
	figure.Panels = []chart.Panel{
		{Title: "throughput", X: timeAxis(c), Y: chart.LinearAxis("successes per second", values(served)...), Lines: served, Shades: shades(c, every)},
		{Title: "success", X: timeAxis(c), Y: chart.Axis{Label: "requests that succeeded, %", Max: chart.Headroom, Percent: true}, Lines: part(succeeded), Shades: shades(c, every)},
	}
	return figure
}

func succeeded(w Window) float64 {
	if w.Requests == 0 {
		return math.NaN()
	}
	return w.SuccessRate
}

// recoveryTimeline shows what each policy did about the faults: latency, then the share of the
// servers that had one.
func recoveryTimeline(c Comparison) chart.Chart {
	figure := chart.Chart{
		Name: "recovery_timeline", Title: "Faults and recovery", Keys: keys(c), Height: 130,
		Caption: "p99 of each second, and the share of the requests that single servers got. Shaded: a fault of that server (all faults in the uppermost panel). A policy that notices moves requests away, and back afterwards.",
	}
	figure.Panels = latencyPanel(c, "p99 of each second", func(t TimelinePoint) float64 { return t.P99MS })
	if figure.Panels == nil {
		return figure
	}
	for _, i := range faulted(c) {
		id := c.Servers[i].ID
		all := lines(c, func(p PolicyResult) chart.Line {
			return overTime(p, func(t TimelinePoint) float64 {
				if i >= len(t.Share) || t.Requests == 0 {
					return math.NaN()
				}
				return t.Share[i]
			})
		})
		figure.Panels = append(figure.Panels, chart.Panel{
			Title: id, X: timeAxis(c), Y: chart.Axis{Label: "requests, %", Max: chart.Headroom, Percent: true}, Lines: all,
			Shades: shades(c, func(f FaultSpan) bool { return f.Server == id || f.Server == "" }),
		})
	}
	return figure
}

// faulted returns the indices of a few servers, those that had a fault first.
func faulted(c Comparison) []int {
	var first, rest []int
	for i, s := range c.Servers {
		if slices.ContainsFunc(c.Faults, func(f FaultSpan) bool { return f.Server == s.ID }) {
			first = append(first, i)
		} else {
			rest = append(rest, i)
		}
	}
	all := append(first, rest...)
	return all[:min(len(all), timelineServers)]
}

func regretChart(c Comparison) chart.Chart {
	figure := chart.Chart{
		Name: "regret", Title: "Cumulative regret", Keys: keys(c), Height: 280,
		Caption: "How much longer the requests of one run took in all, up to a time, than under " + c.RegretReference + ". A flat line costs nothing more; failures are not in it.",
	}
	all := lines(c, func(p PolicyResult) chart.Line {
		var l chart.Line
		for _, r := range p.Regret {
			l.X, l.Y = append(l.X, r.AtS), append(l.Y, r.RegretS)
		}
		return l
	})
	if len(all) == 0 {
		return figure
	}
	y := chart.LinearAxis("regret, seconds of waiting", values(all)...)
	for _, l := range all {
		y.Min = min(y.Min, chart.Headroom*slices.Min(l.Y))
	}
	figure.Panels = []chart.Panel{{X: timeAxis(c), Y: y, Lines: all, Shades: shades(c, every)}}
	return figure
}
