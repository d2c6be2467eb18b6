package report

import (
	"fmt"
	"math"

	"slbtui/engine/report/chart"
)

// The servers that charts have room for.
const (
	chartServers    = 16
	timelineServers = 4
)

// Charts returns the figures of a comparison, without those that would show nothing.
func Charts(c Comparison) []chart.Chart {
	var out []chart.Chart
	for _, make := range []func(Comparison) chart.Chart{
		summaryChart, latencyOverTime, latencyDistribution, latencyCCDF, throughputComparison,
		serverUtilisation, learningCurve, recoveryTimeline, regretChart,
	} {
		figure := make(c)
		if len(figure.Panels) == 0 {
			continue
		}
		figure.Subtitle = subtitle(c)
		out = append(out, figure)
	}
	return out
}

func subtitle(c Comparison) string {
	if len(c.Invalid) > 0 {
		return "NOT TO BE TRUSTED: " + c.Invalid[0]
	}
	if c.Kind == KindSession {
		return "phases of one session: load and faults differ between them"
	}
	s := fmt.Sprintf("%d runs of each policy", c.Repetitions)
	if c.Repetitions == 1 {
		s = "one run of each policy"
	}
	if c.RatePerS > 0 {
		s = fmt.Sprintf("%g requests/s, %s", c.RatePerS, s)
	}
	if c.Scenario != "" {
		s = c.Scenario + ", " + s
	}
	return s
}

func keys(c Comparison) []chart.Key {
	var out []chart.Key
	for i, p := range results(c) {
		out = append(out, chart.Key{Name: p.Policy, Style: i})
	}
	return out
}

// lines makes a line a policy, without the empty ones.
func lines(c Comparison, line func(PolicyResult) chart.Line) []chart.Line {
	var out []chart.Line
	for i, p := range results(c) {
		l := line(p)
		l.Name, l.Style = p.Policy, i
		if _, high := chart.Extent(l.Y); len(l.Y) > 0 && (high > 0 || len(l.X) > 1) {
			out = append(out, l)
		}
	}
	return out
}

func values(all []chart.Line) [][]float64 {
	var out [][]float64
	for _, l := range all {
		out = append(out, l.Y, l.Low, l.High)
	}
	return out
}

// overTime makes a line from the timeline, with gaps where nothing was measured.
func overTime(p PolicyResult, value func(TimelinePoint) float64) chart.Line {
	var l chart.Line
	for i, t := range p.Timeline {
		if i > 0 && t.EndS-p.Timeline[i-1].EndS > 1.5 {
			l.X, l.Y = append(l.X, t.EndS), append(l.Y, math.NaN())
		}
		l.X, l.Y = append(l.X, t.EndS), append(l.Y, value(t))
	}
	return l
}

func measured(ms float64) float64 {
	if ms <= 0 {
		return math.NaN()
	}
	return ms
}

// timeAxis is the same for all charts over time of one comparison. It begins with the run, or where
// what is known of a session begins.
func timeAxis(c Comparison) chart.Axis {
	a := chart.Axis{Label: "time since the run began, s"}
	if c.Kind == KindSession {
		a.Label = "time since the session began, s"
		a.Min = math.Inf(1)
	}
	for _, p := range results(c) {
		if len(p.Timeline) > 0 {
			a.Min = min(a.Min, p.Timeline[0].EndS-1)
		}
		if n := len(p.Timeline); n > 0 {
			a.Max = max(a.Max, p.Timeline[n-1].EndS)
		}
		if n := len(p.Windows); n > 0 {
			a.Max = max(a.Max, p.Windows[n-1].EndS)
		}
	}
	if a.Min >= a.Max {
		a.Min, a.Max = 0, max(1, a.Max)
	}
	a.Min = max(0, a.Min)
	return a
}

func shades(c Comparison, wanted func(FaultSpan) bool) []chart.Shade {
	var out []chart.Shade
	when := timeAxis(c)
	for _, f := range c.Faults {
		if wanted(f) && f.StartS < when.Max && f.EndS > when.Min {
			label := f.Kind
			if f.Server != "" {
				label = f.Server + " " + f.Kind
			}
			out = append(out, chart.Shade{From: max(f.StartS, when.Min), To: min(f.EndS, when.Max), Label: label})
		}
	}
	return out
}

func every(FaultSpan) bool { return true }

// latencyPanel is a panel of a latency over time.
func latencyPanel(c Comparison, title string, value func(TimelinePoint) float64) []chart.Panel {
	all := lines(c, func(p PolicyResult) chart.Line {
		return overTime(p, func(t TimelinePoint) float64 { return measured(value(t)) })
	})
	if _, high := chart.Extent(values(all)...); high == 0 {
		return nil
	}
	return []chart.Panel{{Title: title, X: timeAxis(c), Y: chart.LatencyAxis("latency, ms", values(all)...), Lines: all, Shades: shades(c, every)}}
}
