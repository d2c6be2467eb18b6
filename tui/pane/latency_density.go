package pane

import (
	"slbtui/engine/metrics"
	"slbtui/tui/box"
	"slbtui/tui/chart"
)

// densityOf is a heat map of the latencies over time: two kinds of answers are two bands, where percentiles are one line.
func densityOf(s *box.Sight, span []metrics.Second) chart.Density {
	t := s.Theme
	d := chart.Density{Time: timeAxis(s, span, 0), Edge: metrics.BucketMS, Shades: t.Glyphs.Shades[:]}
	d.Ticks = ticks(s.Window, 60)
	for i := range span {
		d.Counts = append(d.Counts, span[i].Latencies)
	}
	for _, ink := range t.Density {
		d.Inks = append(d.Inks, string(ink))
	}
	return d
}
