package report

import (
	"fmt"
	"slices"

	"slbtui/engine/report/chart"
	"slbtui/engine/stats"
)

const barHeight = 15.0 // points of a bar's row

func summaryChart(c Comparison) chart.Chart {
	figure := chart.Chart{
		Name: "comparison_summary", Title: "Comparison", Columns: 2,
		Caption: "Latency of successful requests with 95 % intervals where they are known, its coefficient of variation (standard deviation over mean), and the share of requests that succeeded.",
	}
	all := results(c)
	var names []string
	for _, p := range all {
		names = append(names, p.Policy)
	}
	if len(all) == 0 {
		return figure
	}
	figure.Height = 52 + 1.4*barHeight*float64(len(all))
	panel := func(title, label, format string, value func(PolicyResult) (float64, stats.Interval)) chart.Panel {
		out := chart.Panel{Title: title, Y: chart.Axis{Min: -0.5, Max: float64(len(names)) - 0.5, Names: names}}
		var high []float64
		for i, p := range all {
			v, ci := value(p)
			out.Bars = append(out.Bars, chart.Bar{Name: p.Policy, Style: i, Row: i, Slots: 1, Value: v, Interval: ci, ValueText: fmt.Sprintf(format, v)})
			high = append(high, v, ci[1])
		}
		out.X = barAxis(label, high)
		return out
	}
	figure.Panels = []chart.Panel{
		panel("mean", "latency, ms", "%.1f", func(p PolicyResult) (float64, stats.Interval) { return p.Summary.MeanMS, p.MeanCI }),
		panel("p99", "latency, ms", "%.1f", func(p PolicyResult) (float64, stats.Interval) { return p.Summary.P99MS, p.P99CI }),
		panel("coefficient of variation", "standard deviation / mean", "%.2f", func(p PolicyResult) (float64, stats.Interval) { return p.Summary.CV, stats.Interval{} }),
		panel("success", "requests that succeeded, %", "%.2f", func(p PolicyResult) (float64, stats.Interval) { return 100 * p.Summary.SuccessRate, stats.Interval{} }),
	}
	figure.Panels[3].X.Max = 117 // no tick beyond 100 %
	return figure
}

// barAxis leaves room for the value behind the longest bar.
func barAxis(label string, lengths []float64) chart.Axis {
	a := chart.LinearAxis(label, lengths)
	a.Max *= 1.1
	return a
}

// serverUtilisation shows who got the requests and how busy that made them.
func serverUtilisation(c Comparison) chart.Chart {
	figure := chart.Chart{
		Name: "server_utilization", Title: "Servers: requests and utilisation", Keys: keys(c), Columns: 2,
		Caption: "Share of the answered requests that each server got, and the mean share of its worker slots that were busy (where the servers tell).",
	}
	shown := busiest(c)
	all := results(c)
	if len(shown) == 0 || len(all) == 0 {
		return figure
	}
	if len(shown) < len(c.Servers) {
		figure.Caption += fmt.Sprintf(" The %d servers with most requests of %d.", len(shown), len(c.Servers))
	}
	var names []string
	for _, i := range shown {
		names = append(names, c.Servers[i].ID)
	}
	rows := chart.Axis{Min: -0.5, Max: float64(len(names)) - 0.5, Names: names}
	share, busy := chart.Panel{Title: "requests", Y: rows}, chart.Panel{Title: "utilisation", Y: rows}
	var shares, loads []float64
	for slot, p := range all {
		var answered uint64
		for _, n := range p.ByServer {
			answered += n
		}
		for row, i := range shown {
			bar := chart.Bar{Name: p.Policy, Style: slot, Row: row, Slot: slot, Slots: len(all)}
			bar.Value = 100 * float64(p.ByServer[c.Servers[i].ID]) / float64(max(1, answered))
			bar.ValueText = fmt.Sprintf("%.0f", bar.Value)
			share.Bars, shares = append(share.Bars, bar), append(shares, bar.Value)
			if load, ok := utilisation(p, i); ok {
				bar.Value, bar.ValueText = 100*load, fmt.Sprintf("%.0f", 100*load)
				busy.Bars, loads = append(busy.Bars, bar), append(loads, bar.Value)
			}
		}
	}
	share.X, busy.X = barAxis("share of requests, %", shares), barAxis("busy worker slots, %", loads)
	figure.Panels = []chart.Panel{share}
	if len(busy.Bars) > 0 {
		figure.Panels = append(figure.Panels, busy)
	}
	figure.Height = 52 + max(30, 9*float64(len(all)))*float64(len(names))
	return figure
}

// utilisation is the mean of one server's busy slots over the seconds that know it.
func utilisation(p PolicyResult, server int) (float64, bool) {
	total, n := 0.0, 0
	for _, t := range p.Timeline {
		if server < len(t.Utilisation) && t.Utilisation[server] >= 0 {
			total, n = total+t.Utilisation[server], n+1
		}
	}
	return total / float64(max(1, n)), n > 0
}

// busiest returns the indices of the servers with most requests, in their own order.
func busiest(c Comparison) []int {
	total := make([]uint64, len(c.Servers))
	order := make([]int, len(c.Servers))
	for i, s := range c.Servers {
		order[i] = i
		for _, p := range c.Strategies {
			total[i] += p.ByServer[s.ID]
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(total[b]) - int(total[a]) })
	order = order[:min(len(order), chartServers)]
	slices.Sort(order)
	return order
}
