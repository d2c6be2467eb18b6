package pane

import (
	"math"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/metrics"
	"slbtui/tui/box"
	"slbtui/tui/chart"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// Latency is the pane of the percentiles over the time window, and of what RR and RL made of them.
type Latency struct {
	plotted box.Memo[plotting, []string]
}

// Title is that of the pane.
func (p *Latency) Title(*box.Sight) string { return "Latency" }

// Press makes nothing of a key.
func (p *Latency) Press(*box.Sight, tea.KeyPressMsg) box.Act { return box.Act{} }

// Draw is the chart over the comparison, with more about the time axis where there is room.
func (p *Latency) Draw(s *box.Sight, w, h int) (string, []string) {
	t := s.Theme
	span := s.Seconds()
	aside := t.Dim.On(format.Short(s.Window))
	if len(span) == 0 {
		return aside, []string{"", " " + t.Dim.On("the first second is not over yet")}
	}
	versus := Versus(s, w)
	var lines []string
	if h >= len(versus)+7 {
		lines = append(lines, legend(s, span))
	} else {
		gap := t.Glyphs.Dot + " "
		p50, p95, p99 := percentiles(t)
		if len(t.Glyphs.Chart.Marks) > 0 { // they take the room: o p50 * 95 . 99
			gap, p95, p99 = "", strings.Replace(p95, "p", "", 1), strings.Replace(p99, "p", "", 1)
		}
		aside = t.P50.On(p50+" ") + t.P95.On(p95+" ") + t.P99.On(p99+" ") + t.Dim.On(gap) + aside
	}
	var below []string
	if room := h - len(lines) - len(versus); room >= 8 {
		below = append(below, timeLabels(s, span, w), traffic(s, span, w), "")
	}
	if s.Place == box.Zoomed {
		below = append(below, marked(s, span, w, min(h-len(lines)-len(below)-len(versus)-12, 8))...)
	}
	room := h - len(lines) - len(below) - len(versus)
	if room >= 3 {
		lines = append(lines, p.plot(s, span, w, room)...)
	}
	lines = append(lines, below...)
	return aside, append(lines, versus...)
}

// plotting is all that the chart depends on.
type plotting struct {
	theme                 *theme.Theme
	window, last          time.Duration
	w, h, seconds, events int
}

// plot draws the chart anew when a second has closed or something has happened.
func (p *Latency) plot(s *box.Sight, span []metrics.Second, w, h int) []string {
	key := plotting{theme: s.Theme, window: s.Window, last: span[len(span)-1].At, w: w, h: h, seconds: len(span)}
	if n := len(s.Snap.Events); n > 0 {
		key.events = int(s.Snap.Events[n-1].Number)
	}
	return p.plotted.Of(key, func() []string { return plotOf(s, span).Draw(w, h) })
}

func plotOf(s *box.Sight, span []metrics.Second) chart.Plot {
	t := s.Theme
	return chart.Plot{
		Series: []chart.Series{
			{Values: series(span, func(s metrics.Second) float64 { return s.P50MS }), Style: string(t.P50)},
			{Values: series(span, func(s metrics.Second) float64 { return s.P95MS }), Style: string(t.P95)},
			{Values: series(span, func(s metrics.Second) float64 { return s.P99MS }), Style: string(t.P99)},
		},
		Span:    int(s.Window / time.Second),
		Markers: markers(s, span),
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

func markers(s *box.Sight, span []metrics.Second) []chart.Marker {
	newest := span[len(span)-1].At
	var out []chart.Marker
	for _, e := range s.Snap.Events {
		if mark, ok := marks[e.Kind]; ok {
			out = append(out, chart.Marker{Ago: int((newest - e.At + time.Second - 1) / time.Second), Rune: mark, Style: string(s.Theme.Marker)})
		}
	}
	return out
}

// marked says what the newest markers stand for, in at most room lines.
func marked(s *box.Sight, span []metrics.Second, w, room int) []string {
	t, from := s.Theme, span[0].At
	written := s.EventsIn(w)
	var out []string
	for i := len(s.Snap.Events) - 1; i >= 0 && len(out) < room-1; i-- {
		e := &s.Snap.Events[i]
		if mark, ok := marks[e.Kind]; ok && e.At >= from-time.Second {
			out = append(out, " "+t.Marker.On(string(mark))+" "+t.Dim.On(format.Clock(e.At))+" "+written(e, w-10))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, "")
}

func legend(s *box.Sight, span []metrics.Second) string {
	t, last := s.Theme, span[len(span)-1]
	p50, p95, p99 := percentiles(t)
	return " " + t.P50.On(p50+" ") + format.Left(format.Millis(last.P50MS), 8, "") + t.P95.On(p95+" ") + format.Left(format.Millis(last.P95MS), 8, "") + t.P99.On(p99+" ") + format.Left(format.Millis(last.P99MS), 8, "")
}

// percentiles names the lines of the chart, with the marks they are drawn with where each has its own.
func percentiles(t *theme.Theme) (p50, p95, p99 string) {
	names := [3]string{"p50", "p95", "p99"}
	for i, mark := range t.Glyphs.Chart.Marks[:min(len(t.Glyphs.Chart.Marks), len(names))] {
		names[i] = string(mark) + " " + names[i]
	}
	return names[0], names[1], names[2]
}

// timeLabels stands under the time axis: its ends, and what the letters on it mean.
func timeLabels(s *box.Sight, span []metrics.Second, w int) string {
	t := s.Theme
	from, to := "    -"+format.Short(s.Window), "now"
	keys := ""
	room := w - len(from) - len(to) - 4
	seen := map[metrics.EventKind]bool{}
	for _, e := range s.Snap.Events {
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
func traffic(s *box.Sight, span []metrics.Second, w int) string {
	t := s.Theme
	values := make([]float64, len(span))
	for i := range span {
		values[i] = float64(span[i].Requests)
	}
	return " " + t.Dim.On("rps ") + format.Right(format.Rate(latest(values)), 5) + " " + t.P50.On(chart.Spark(values, w-12, t.Glyphs.Chart))
}
