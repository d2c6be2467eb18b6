package report

import (
	"math"
	"sort"

	"slbtui/engine/report/chart"
)

const histogramBins = 48

func latencyOverTime(c Comparison) chart.Chart {
	chart := chart.Chart{
		Name: "latency_over_time", Title: "Latency over time", Keys: keys(c), Height: 190,
		Caption: "Mean and 95th percentile of the successful requests that ended in each second, all runs of a policy together, aligned at their beginning. Shaded: an injected fault.",
	}
	chart.Panels = append(chart.Panels, latencyPanel(c, "mean of each second", func(t TimelinePoint) float64 { return t.MeanMS })...)
	chart.Panels = append(chart.Panels, latencyPanel(c, "p95 of each second", func(t TimelinePoint) float64 { return t.P95MS })...)
	return chart
}

func latencyCCDF(c Comparison) chart.Chart {
	figure := chart.Chart{
		Name: "latency_ccdf", Title: "How many requests were slower", Keys: keys(c), Height: 300,
		Caption: "Share of successful requests slower than a latency, both axes logarithmic: a line further left is faster, 1 % is the 99th percentile.",
	}
	all := lines(c, func(p PolicyResult) chart.Line {
		var l chart.Line
		for _, pt := range p.CCDF {
			if pt.Slower > 0 && pt.LatencyMS > 0 {
				l.X, l.Y = append(l.X, pt.LatencyMS), append(l.Y, pt.Slower)
			}
		}
		return l
	})
	if len(all) == 0 {
		return figure
	}
	var x [][]float64
	for _, l := range all {
		x = append(x, l.X)
	}
	share := chart.LogAxis("requests slower than that, %", values(all)...)
	share.Max, share.Percent = 1, true
	figure.Panels = []chart.Panel{{X: chart.LogAxis("latency, ms", x...), Y: share, Lines: all}}
	return figure
}

// latencyDistribution cuts the same logarithmic bins for all policies out of their CCDFs.
func latencyDistribution(c Comparison) chart.Chart {
	figure := chart.Chart{
		Name: "latency_distribution", Title: "Distribution of latency", Height: 120,
		Caption: "Share of the successful requests in each of 48 bins of equal ratio; the same axes for all policies.",
	}
	all := lines(c, func(p PolicyResult) chart.Line {
		var l chart.Line
		for _, pt := range p.CCDF {
			l.X, l.Y = append(l.X, pt.LatencyMS), append(l.Y, pt.Slower)
		}
		return l
	})
	var spread [][]float64
	for _, l := range all {
		spread = append(spread, l.X)
	}
	if _, high := chart.Extent(spread...); high == 0 {
		return figure
	}
	axis := chart.LogAxis("latency, ms", spread...)
	for i, l := range all {
		all[i] = histogram(l, axis.Min, axis.Max)
	}
	share := chart.LinearAxis("requests, %", values(all)...)
	share.Percent = true
	share.Max *= 1.2 // for the labels of the marks
	for _, l := range all {
		s := c.Strategies[l.Name].Summary
		panel := chart.Panel{Title: l.Name, X: axis, Y: share, Lines: []chart.Line{l}}
		for _, m := range []chart.Mark{{At: s.P50MS, Label: "p50 "}, {At: s.P95MS, Label: "p95 "}, {At: s.P99MS, Label: "p99 "}} {
			if m.At >= axis.Min && m.At <= axis.Max {
				panel.Marks = append(panel.Marks, chart.Mark{At: m.At, Label: m.Label + ms(m.At)})
			}
		}
		figure.Panels = append(figure.Panels, panel)
	}
	if len(all) > 4 {
		figure.Columns = 2
	}
	return figure
}

// histogram turns a CCDF into shares between low and high.
func histogram(ccdf chart.Line, low, high float64) chart.Line {
	out := chart.Line{Name: ccdf.Name, Style: ccdf.Style, Filled: true}
	before := 1.0
	for i := range histogramBins + 1 {
		edge := low * math.Pow(high/low, float64(i)/histogramBins)
		slower := slowerThan(ccdf, edge)
		if i == histogramBins {
			slower = 0
		}
		out.X = append(out.X, edge)
		if i > 0 {
			out.Y = append(out.Y, max(0, before-slower))
		}
		before = slower
	}
	return out
}

// slowerThan reads a CCDF between its points, linear in the logarithm of the latency.
func slowerThan(ccdf chart.Line, latency float64) float64 {
	i := sort.SearchFloat64s(ccdf.X, latency)
	switch {
	case i == 0 && latency < ccdf.X[0]:
		return 1
	case i == len(ccdf.X):
		return ccdf.Y[i-1]
	case i == 0 || ccdf.X[i] == latency || ccdf.X[i-1] <= 0:
		return ccdf.Y[i]
	}
	part := math.Log(latency/ccdf.X[i-1]) / math.Log(ccdf.X[i]/ccdf.X[i-1])
	return ccdf.Y[i-1] + part*(ccdf.Y[i]-ccdf.Y[i-1])
}

func learningCurve(c Comparison) chart.Chart {
	figure := chart.Chart{
		Name: "learning_curve", Title: "Learning curve", Keys: keys(c), Height: 280,
		Caption: "Mean latency of equal parts of the requests, by the number of requests since a run began: the median over the runs and, shaded, their quartiles. A policy that does not learn stays level where nothing else changes.",
	}
	all := lines(c, func(p PolicyResult) chart.Line {
		var l chart.Line
		for _, pt := range p.LearningCurve {
			l.X, l.Y = append(l.X, float64(pt.Requests)), append(l.Y, measured(pt.MeanMS))
			l.Low, l.High = append(l.Low, pt.LowMS), append(l.High, pt.HighMS)
		}
		if len(p.Runs) < 2 {
			l.Low, l.High = nil, nil
		}
		return l
	})
	last := 0.0
	for _, l := range all {
		last = max(last, l.X[len(l.X)-1])
	}
	label := "requests since the run began"
	if c.Kind == KindSession {
		label = "requests under the policy, in the known part of the session"
	}
	if last > 0 {
		figure.Panels = []chart.Panel{{X: chart.Axis{Label: label, Max: 1.02 * last}, Y: chart.LatencyAxis("mean latency, ms", values(all)...), Lines: all}}
	}
	return figure
}
