package tui

import (
	"math"
	"time"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/metrics"
	"slbtui/tui/chart"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// windows are the time spans of the charts.
var windows = []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}

const defaultWindow = 1

// seconds returns the closed seconds of the time window.
func (m *Model) seconds() []metrics.Second {
	all := m.snap.Seconds
	return all[max(0, len(all)-int(windows[m.window]/time.Second)):]
}

// latency is the chart of percentiles over the time window, and what RR and RL made of it.
func (m *Model) latency(w, h int) (string, []string) {
	t := m.theme
	span := m.seconds()
	aside := t.Dim.On(format.Short(windows[m.window]))
	if len(span) == 0 {
		return aside, []string{"", " " + t.Dim.On("the first second is not over yet")}
	}
	versus := m.versus(w)
	var lines []string
	if h >= len(versus)+7 {
		lines = append(lines, m.legend(span))
	} else {
		gap := t.Glyphs.Dot + " "
		if len(t.Glyphs.Chart.Marks) > 0 {
			gap = "" // the marks take its place
		}
		p50, p95, p99 := percentiles(t)
		aside = t.P50.On(p50+" ") + t.P95.On(p95+" ") + t.P99.On(p99+" ") + t.Dim.On(gap) + aside
	}
	var below []string
	if room := h - len(lines) - len(versus); room >= 8 {
		below = append(below, m.timeLabels(span, w), m.traffic(span, w), "")
	}
	if m.zoomed {
		below = append(below, m.marked(span, w, min(h-len(lines)-len(below)-len(versus)-12, 8))...)
	}
	room := h - len(lines) - len(below) - len(versus)
	if room >= 3 {
		lines = append(lines, m.drawPlot(span, w, room)...)
	}
	lines = append(lines, below...)
	return aside, append(lines, versus...)
}

// plotting is all that the chart depends on.
type plotting struct {
	w, h, span, seconds, events int
	last                        time.Duration
}

// drawPlot draws the chart anew when a second has closed or something has happened.
func (m *Model) drawPlot(span []metrics.Second, w, h int) []string {
	key := plotting{w: w, h: h, span: m.window, seconds: len(span), last: span[len(span)-1].At}
	if n := len(m.snap.Events); n > 0 {
		key.events = int(m.snap.Events[n-1].Number)
	}
	return m.plotted.Of(key, func() []string { return m.plot(span).Draw(w, h) })
}

func (m *Model) plot(span []metrics.Second) chart.Plot {
	t := m.theme
	return chart.Plot{
		Series: []chart.Series{
			{Values: series(span, func(s metrics.Second) float64 { return s.P50MS }), Style: string(t.P50)},
			{Values: series(span, func(s metrics.Second) float64 { return s.P95MS }), Style: string(t.P95)},
			{Values: series(span, func(s metrics.Second) float64 { return s.P99MS }), Style: string(t.P99)},
		},
		Span:    int(windows[m.window] / time.Second),
		Markers: m.markers(span),
		Glyphs:  t.Glyphs.Chart,
		Axis:    string(t.Border),
	}
}

// series takes one value of each second; a second without successes is a gap.
func series(span []metrics.Second, of func(metrics.Second) float64) []float64 {
	out := make([]float64, len(span))
	for i, s := range span {
		out[i] = of(s)
		if out[i] == 0 {
			out[i] = math.NaN()
		}
	}
	return out
}

// marks are the letters that events leave on the time axis.
var marks = map[metrics.EventKind]rune{"policy": 'P', "param": 'C', "load": 'L', "fault": 'F', "health": 'H', "scenario": 'S', "warning": '!'}

// markWords are the words for marks whose event has another name than the screen has for it.
var markWords = map[metrics.EventKind]string{"policy": "policy", "param": "control", "load": "load", "fault": "fault", "health": "health", "scenario": "scenario", "warning": "warning"}

func (m *Model) markers(span []metrics.Second) []chart.Marker {
	newest := span[len(span)-1].At
	var out []chart.Marker
	for _, e := range m.snap.Events {
		if mark, ok := marks[e.Kind]; ok {
			out = append(out, chart.Marker{Ago: int((newest - e.At + time.Second - 1) / time.Second), Rune: mark, Style: string(m.theme.Marker)})
		}
	}
	return out
}

// marked says what the newest markers stand for, in at most room lines.
func (m *Model) marked(span []metrics.Second, w, room int) []string {
	t, from := m.theme, span[0].At
	var out []string
	for i := len(m.snap.Events) - 1; i >= 0 && len(out) < room-1; i-- {
		e := &m.snap.Events[i]
		if mark, ok := marks[e.Kind]; ok && e.At >= from-time.Second {
			out = append(out, " "+t.Marker.On(string(mark))+" "+t.Dim.On(format.Clock(e.At))+" "+ansi.Truncate(t.Words(e.Text), max(w-10, 0), t.Glyphs.Ellipsis))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, "")
}

func (m *Model) legend(span []metrics.Second) string {
	t, last := m.theme, span[len(span)-1]
	p50, p95, p99 := percentiles(t)
	return " " + t.P50.On(p50+" ") + format.Left(format.Millis(last.P50MS), 8, "") + t.P95.On(p95+" ") + format.Left(format.Millis(last.P95MS), 8, "") + t.P99.On(p99+" ") + format.Left(format.Millis(last.P99MS), 8, "")
}

// percentiles names the lines of the chart, with the marks they are drawn with where each has its own.
func percentiles(t *theme.Theme) (p50, p95, p99 string) {
	names := [3]string{"p50", "p95", "p99"}
	for i, mark := range t.Glyphs.Chart.Marks[:min(len(t.Glyphs.Chart.Marks), len(names))] {
		names[i] = string(mark) + names[i]
	}
	return names[0], names[1], names[2]
}

// timeLabels stands under the time axis: its ends, and what the letters on it mean.
func (m *Model) timeLabels(span []metrics.Second, w int) string {
	t := m.theme
	from, to := "    -"+format.Short(windows[m.window]), "now"
	keys := ""
	room := w - len(from) - len(to) - 4
	seen := map[metrics.EventKind]bool{}
	for _, e := range m.snap.Events {
		seen[e.Kind] = seen[e.Kind] || e.At >= span[0].At-time.Second
	}
	for _, kind := range []metrics.EventKind{"policy", "fault", "scenario", "load", "param", "health", "warning"} {
		if key := string(marks[kind]) + " " + markWords[kind] + " "; seen[kind] && len(keys)+len(key) <= room {
			keys += key
		}
	}
	return t.Dim.On(from + "  " + format.Left(keys, max(room+1, 0), "") + " " + to)
}

// traffic is the sparkline of completed requests.
func (m *Model) traffic(span []metrics.Second, w int) string {
	t := m.theme
	values := make([]float64, len(span))
	for i, s := range span {
		values[i] = float64(s.Requests)
	}
	return " " + t.Dim.On("rps ") + format.Right(format.Rate(latest(values)), 5) + " " + t.P50.On(chart.Spark(values, w-12, t.Glyphs.Chart))
}
