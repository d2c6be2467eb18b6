package pane

import (
	"math"
	"strings"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/tui/box"
	"slbtui/tui/chart"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// namedEnds is the width in cells from which on there is room for names at the ends.
const namedEnds = 56

// linesOf are the percentiles over time, each with its value of now at its end, and what round robin's mean was
// while another policy routes.
func linesOf(s *box.Sight, span []metrics.Second, w int) chart.Plot {
	t, now := s.Theme, &span[len(span)-1]
	name := func(what, value string) string {
		if w < namedEnds {
			return value
		}
		return what + " " + value
	}
	line := func(what string, ink theme.Ink, of func(*metrics.Second) float64) chart.Series {
		return chart.Series{Values: series(span, of), Style: string(ink), End: name(what, format.MillisIn(of(now), 6))}
	}
	p := chart.Plot{
		Time: timeAxis(s, span, w),
		Series: []chart.Series{
			line("p50", t.P50, func(s *metrics.Second) float64 { return s.P50MS }),
			line("p95", t.P95, func(s *metrics.Second) float64 { return s.P95MS }),
			line("p99", t.P99, func(s *metrics.Second) float64 { return s.P99MS }),
		},
	}
	if rr, since := besideBaseline(s); rr != nil {
		p.Level = chart.Level{Value: rr.Summary.MeanMS, Since: max(ago(span, since.Start), 1), Style: string(t.Dim), End: "RR"}
		if w >= namedEnds {
			p.Level.End = "RR " + format.MillisIn(rr.Summary.MeanMS, 6)
		}
	}
	return p
}

// besideBaseline is the last phase of round robin, and that of the policy which routes now in its place; nil while there
// are not both.
func besideBaseline(s *box.Sight) (rr, now *metrics.Phase) {
	n := len(s.Snap.Phases)
	if n == 0 || s.Snap.Phases[n-1].Policy == live.Baseline {
		return nil, nil
	}
	rr = lastPhase(s.Snap.Phases, func(p *metrics.Phase) bool { return p.Policy == live.Baseline })
	if rr == nil || rr.Summary.MeanMS <= 0 {
		return nil, nil
	}
	return rr, &s.Snap.Phases[n-1]
}

// series takes one value of each second; a second without successes is a gap.
func series(span []metrics.Second, of func(*metrics.Second) float64) []float64 {
	out := make([]float64, len(span))
	for i := range span {
		if out[i] = of(&span[i]); out[i] == 0 {
			out[i] = math.NaN()
		}
	}
	return out
}

// lineNames are the names of the lines in their colours, with the marks they are drawn with where each has its own.
func lineNames(t *theme.Theme) string {
	p50, p95, p99 := percentiles(t)
	return t.P50.On(p50+" ") + t.P95.On(p95+" ") + t.P99.On(p99+" ")
}

// lineMarks is the same where the marks take the room: o p50 * 95 . 99
func lineMarks(t *theme.Theme) string {
	p50, p95, p99 := percentiles(t)
	return t.P50.On(p50+" ") + t.P95.On(strings.Replace(p95, "p", "", 1)+" ") + t.P99.On(strings.Replace(p99, "p", "", 1)+" ")
}

func percentiles(t *theme.Theme) (p50, p95, p99 string) {
	names := [3]string{"p50", "p95", "p99"}
	for i, mark := range t.Glyphs.Chart.Marks[:min(len(t.Glyphs.Chart.Marks), len(names))] {
		names[i] = string(mark) + " " + names[i]
	}
	return names[0], names[1], names[2]
}
