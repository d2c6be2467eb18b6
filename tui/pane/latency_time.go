package pane

import (
	"time"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/tui/box"
	"slbtui/tui/chart"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// timeAxis is the axis of the time window with all that happened in it: who routed since when, who suffered a
// fault for how long, and a letter for each event.
func timeAxis(s *box.Sight, span []metrics.Second, w int) chart.Time {
	t := s.Theme
	axis := chart.Time{Span: int(s.Window / time.Second), Markers: markers(s, span), Glyphs: t.Glyphs.Chart, Axis: string(t.Border), Ticks: ticks(s.Window, w)}
	phases := s.Snap.Phases
	for i := range phases {
		p := &phases[i]
		if left := i+1 < len(phases) && ago(span, phases[i+1].Start) >= axis.Span-1; left {
			continue // it was over before
		}
		axis.Captions = append(axis.Captions, chart.Caption{Ago: ago(span, p.Start), Text: format.Printable(briefly(p.Policy)), Style: string(t.Marker), Rule: p.Number > 1})
	}
	names := s.Names(9)
	for _, f := range metrics.FaultSpans(s.Snap.Events, s.Snap.At) {
		from, to := min(ago(span, f.From), axis.Span-1), max(ago(span, f.To), 0)
		if to >= axis.Span || from < to {
			continue
		}
		axis.Shades = append(axis.Shades, chart.Shade{From: from, To: to, Ground: string(t.Tint), Style: string(t.Warn)})
		axis.Captions = append(axis.Captions, chart.Caption{Ago: from, Text: format.Printable(serverNamed(s, names, f.Server) + " " + words.Fault(f.Fault)), Style: string(t.Warn)})
	}
	return axis
}

// briefly is a policy's name where there is little room.
func briefly(policy string) string {
	if policy == live.Baseline {
		return "RR"
	}
	return policy
}

func serverNamed(s *box.Sight, names []string, id string) string {
	for i := range s.Snap.Servers {
		if s.Snap.Servers[i].ID == id {
			return names[i]
		}
	}
	return id
}

// ago is how many seconds before the newest one a time of the run lies.
func ago(span []metrics.Second, at time.Duration) int {
	return int((span[len(span)-1].At - at + time.Second - 1) / time.Second)
}

// ticks are the labels of the time axis, as many as w cells have room for.
func ticks(window time.Duration, w int) []chart.Tick {
	parts := 4
	if w < 48 {
		parts = 2
	}
	out := []chart.Tick{{Ago: 0, Text: "now"}}
	for k := 1; k <= parts; k++ {
		back := window * time.Duration(k) / time.Duration(parts)
		out = append(out, chart.Tick{Ago: min(int(back/time.Second), int(window/time.Second)-1), Text: "-" + format.Short(back)})
	}
	return out[:parts+1]
}

// marks are the letters that events leave on the time axis.
var marks = map[metrics.EventKind]rune{"policy": 'P', "param": 'C', "load": 'L', "fault": 'F', "health": 'H', "scenario": 'S', "warning": '!'}

// markWords are the words for marks whose event has another name than the screen has for it.
var markWords = map[metrics.EventKind]string{"policy": "policy", "param": "control", "load": "load", "fault": "fault", "health": "health", "scenario": "scenario", "warning": "warning"}

func markers(s *box.Sight, span []metrics.Second) []chart.Marker {
	var out []chart.Marker
	for i := range s.Snap.Events {
		e := &s.Snap.Events[i]
		if mark, ok := marks[e.Kind]; ok {
			out = append(out, chart.Marker{Ago: ago(span, e.At), Rune: mark, Style: string(s.Theme.Marker)})
		}
	}
	return out
}

// markKeys says what the letters on the time axis mean, those that are there, in at most room cells.
func markKeys(s *box.Sight, span []metrics.Second, room int) string {
	seen := map[metrics.EventKind]bool{}
	for i := range s.Snap.Events {
		e := &s.Snap.Events[i]
		seen[e.Kind] = seen[e.Kind] || e.At >= span[0].At-time.Second
	}
	keys := ""
	for _, kind := range []metrics.EventKind{"policy", "fault", "scenario", "load", "param", "health", "warning"} {
		mark, word := string(marks[kind]), " "+markWords[kind]+"  "
		if n := len(mark) + len(word); seen[kind] && n <= room {
			keys += s.Theme.Marker.On(mark) + s.Theme.Dim.On(word)
			room -= n
		}
	}
	return keys
}
