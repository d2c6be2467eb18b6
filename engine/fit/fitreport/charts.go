package fitreport

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"slbtui/engine/fit"
	"slbtui/engine/report/chart"
)

// What charts have room for.
const (
	shownServers  = 9
	shownPolicies = 3
)

// The styles of what is in every chart: the log is black, its simulation vermillion, policies follow.
const (
	logStyle = iota
	simulatedStyle
	policyStyle
)

// Charts are the figures of a report, without those that would show nothing.
func Charts(r Report) []chart.Chart {
	var out []chart.Chart
	for _, draw := range []func(Report) chart.Chart{slowingDown, slower, overTime, likelihoods} {
		if figure := draw(r); len(figure.Panels) > 0 {
			figure.Subtitle = fmt.Sprintf("%s, %d requests of %d servers, trust %s", r.Format, r.Requests, len(r.Servers), r.Grade)
			out = append(out, figure)
		}
	}
	return out
}

func checkKeys() []chart.Key {
	return []chart.Key{{Name: "the log", Style: logStyle}, {Name: "simulated, sizes dealt out anew", Style: simulatedStyle}}
}

// slowingDown is the check that a model without slots does not pass.
func slowingDown(r Report) chart.Chart {
	figure := chart.Chart{
		Name: "slower_under_load", Title: "Response time by requests in flight", Keys: checkKeys(), Height: 170,
		Caption: "Mean response time of the requests that found so many in flight at their server. Where both lines rise together, the servers' slots are right: a model without slots has the log's mean and p99, and a line that stays level here.",
	}
	for s, server := range r.Servers[:min(len(r.Servers), shownServers)] {
		panel := chart.Panel{Title: server.ID}
		var x, y [][]float64
		for style, view := range []fit.View{r.check.LogView, r.check.SimulatedView} {
			if s >= len(view.Crowded) {
				continue
			}
			line := chart.Line{Style: style}
			for _, c := range view.Crowded[s] {
				line.X, line.Y = append(line.X, c.Others), append(line.Y, c.MeanMS)
			}
			if len(line.X) > 0 {
				panel.Lines = append(panel.Lines, line)
				x, y = append(x, line.X), append(y, line.Y)
			}
		}
		if _, most := chart.Extent(x...); len(panel.Lines) == 0 || most < 1 {
			continue
		}
		panel.X, panel.Y = chart.LinearAxis("requests in flight there", x...), chart.LatencyAxis("mean response time, ms", y...)
		figure.Panels = append(figure.Panels, panel)
	}
	figure.Columns = min(3, len(figure.Panels))
	return figure
}

// best are the policies with the lowest p99, but for what nobody can reach.
func (r Report) best() []int {
	var order []int
	for i, p := range r.Policies {
		if !p.Logged && !reference(p.Policy) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.Policies[a].P99MS, r.Policies[b].P99MS) })
	return order[:min(len(order), shownPolicies)]
}

// views are those of the log, of the check and of the best policies, with their keys.
func (r Report) views(line func(fit.View) chart.Line) (lines []chart.Line, keys []chart.Key) {
	add := func(name string, style int, v fit.View) {
		if l := line(v); len(l.X) > 1 {
			l.Name, l.Style = name, style
			lines, keys = append(lines, l), append(keys, chart.Key{Name: name, Style: style})
		}
	}
	add("the log ("+r.RoutedBy+")", logStyle, r.check.LogView)
	add("the log, simulated", simulatedStyle, r.check.SimulatedView)
	for k, i := range r.best() {
		add(r.Policies[i].Policy, policyStyle+k, r.pictures[i])
	}
	return lines, keys
}

func slower(r Report) chart.Chart {
	figure := chart.Chart{
		Name: "latency_ccdf", Title: "How many requests were slower", Height: 300,
		Caption: "Share of successful requests slower than a latency, both axes logarithmic: a line further left is faster, 1 % is the 99th percentile. The first two lines should lie on each other.",
	}
	lines, keys := r.views(func(v fit.View) (l chart.Line) {
		for _, p := range v.Slower {
			l.X, l.Y = append(l.X, max(p.MS, 1e-3)), append(l.Y, p.Share)
		}
		return l
	})
	if len(lines) == 0 {
		return figure
	}
	var x, y [][]float64
	for _, l := range lines {
		x, y = append(x, l.X), append(y, l.Y)
	}
	share := chart.LogAxis("requests slower than that, %", y...)
	share.Max, share.Percent = 1, true
	figure.Keys, figure.Panels = keys, []chart.Panel{{X: chart.LogAxis("latency, ms", x...), Y: share, Lines: lines}}
	return figure
}

func overTime(r Report) chart.Chart {
	window := r.check.LogView.Window
	figure := chart.Chart{
		Name: "p99_over_time", Title: "p99 over time", Height: 260,
		Caption: fmt.Sprintf("99th percentile of the successful requests that began in each %v. Shaded: a server was not as usual.", window.Round(time.Second)),
	}
	lines, keys := r.views(func(v fit.View) (l chart.Line) {
		measured := false
		for i, p99 := range v.P99 {
			if measured = measured || p99 > 0; p99 <= 0 {
				p99 = math.NaN() // a gap
			}
			l.X, l.Y = append(l.X, (float64(i)+.5)*v.Window.Seconds()), append(l.Y, p99)
		}
		if !measured {
			return chart.Line{}
		}
		return l
	})
	if len(lines) == 0 {
		return figure
	}
	panel := chart.Panel{X: chart.Axis{Label: "time since the first request, s", Max: r.Seconds}, Lines: lines}
	var y [][]float64
	for _, l := range lines {
		y = append(y, l.Y)
		panel.X.Max = max(panel.X.Max, l.X[len(l.X)-1])
	}
	panel.Y = chart.LatencyAxis("p99, ms", y...)
	for _, s := range r.Servers {
		for _, p := range s.Periods {
			panel.Shades = append(panel.Shades, chart.Shade{From: p.FromS, To: min(p.ToS, panel.X.Max), Label: s.ID + " " + string(p.Kind)})
		}
	}
	slices.SortStableFunc(panel.Shades, func(a, b chart.Shade) int { return cmp.Compare(a.From, b.From) })
	figure.Keys, figure.Panels = keys, []chart.Panel{panel}
	return figure
}

// deepest is how far below the best a likelihood is drawn.
const deepest = 60.0

func likelihoods(r Report) chart.Chart {
	figure := chart.Chart{
		Name: "slots_likelihood", Title: "How likely a number of slots is", Height: 150,
		Caption: fmt.Sprintf("Logarithm of the likelihood of so many requests served at once against the likeliest, down to -%.0f; shaded is what the log allows. A curve that stays at 0 on the right: the slots were never full, and the log cannot know.", deepest),
	}
	for s, curve := range r.curves[:min(len(r.curves), shownServers)] {
		line := chart.Line{Style: policyStyle}
		for _, l := range curve {
			if l.Slots > 0 {
				line.X, line.Y = append(line.X, float64(l.Slots)), append(line.Y, max(-deepest, l.Against))
			}
		}
		if len(line.X) < 2 {
			continue
		}
		server := r.Servers[s]
		last := line.X[len(line.X)-1]
		if keep := 4*float64(max(server.Slots, server.SlotsLow)) + 4; last > keep {
			n := slices.IndexFunc(line.X, func(x float64) bool { return x > keep })
			line.X, line.Y, last = line.X[:n], line.Y[:n], line.X[n-1]
		}
		high := float64(server.SlotsHigh)
		if server.SlotsHigh == 0 {
			high = math.Inf(1)
		}
		panel := chart.Panel{
			Title: server.ID, X: chart.Axis{Label: "served at once", Max: chart.Headroom * last}, Y: chart.Axis{Label: "log likelihood", Min: -deepest, Max: deepest / 12},
			Lines:  []chart.Line{line},
			Shades: []chart.Shade{{From: float64(server.SlotsLow) - .25, To: min(high+.25, chart.Headroom*last)}},
		}
		figure.Panels = append(figure.Panels, panel)
	}
	figure.Columns = min(3, len(figure.Panels))
	return figure
}
