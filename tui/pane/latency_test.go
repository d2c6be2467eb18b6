package pane

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/theme"
)

// The chart is kept while nothing of it changes, and drawn anew when a second, an event, the window, the
// size or the theme does.
func TestTheChartIsDrawnAnewWhenItMustBe(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), &Latency{}
	s.Window = time.Minute
	chart := func() *string {
		return &p.plot(s, s.Seconds(), 60, 10, margins{})[0]
	}
	first := chart()
	later := *s.Snap
	later.Seq++
	s.Snap = &later
	require.Same(t, first, chart())
	for what, change := range map[string]func(){
		"second": func() { later.Seconds = append(later.Seconds, canned.Second(len(later.Seconds)+1, 3)) },
		"event":  func() { later.Events = append(later.Events, live.Event{Number: 99, At: later.At, Kind: "load"}) },
		"window": func() { s.Window = 2 * time.Minute },
		"theme":  func() { s.Theme = theme.New(theme.Named("light"), "ascii") },
	} {
		before := chart()
		change()
		require.NotSame(t, before, chart(), what)
	}
}

func TestLatencyByRoom(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), &Latency{}
	s.Window = time.Minute
	drawn := func(w, h int) string {
		aside, lines := p.Draw(s, w, h)
		require.LessOrEqual(t, len(lines), h)
		return aside + "\n" + strings.Join(lines, "\n")
	}
	require.NotContains(t, drawn(60, 10), "rps")
	require.Contains(t, drawn(60, 30), "rps")
	require.NotContains(t, drawn(60, 30), "server1: slow x5")
	s.Place = box.Zoomed
	require.Contains(t, drawn(60, 40), "server1: slow x5", "what the marks stand for")
	require.Contains(t, strings.Join(second(p.Draw(sight(&live.Snapshot{}), 60, 10)), ""), "not over yet")
	require.True(t, ptr(p.Press(s, press("j"))).Nothing())
}

// A mark is not a part of the name of the line that it draws.
func TestMarksStandBesideThePercentiles(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), &Latency{}
	s.Window = 30 * time.Second
	aside, lines := p.Draw(s, 60, 20)
	require.Contains(t, ansi.Strip(lines[0]), " o p50 ")
	require.Contains(t, ansi.Strip(lines[0]), " * p95 ")
	require.Equal(t, "30s", ansi.Strip(aside))
	aside, _ = p.Draw(s, 32, 9)
	require.Equal(t, "o p50 * 95 . 99 30s", ansi.Strip(aside))
	framed := s.Theme.Framed("2 Latency", aside, nil, 34, 11, false)
	require.Contains(t, ansi.Strip(framed[0]), "o p50 * 95 . 99 30s", "it fits where the screen has 80 cells")
}

// The chart says when somebody suffered, who routed since when, and what is at the end of each line.
func TestTheChartTellsWhatHappened(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), &Latency{}
	s.Window = time.Minute
	s.Theme = theme.New(theme.Named("dark"), "braille")
	aside, lines := p.Draw(s, 100, 30)
	text := ansi.Strip(aside + "\n" + strings.Join(lines, "\n"))
	for _, word := range []string{"╌ RR mean", "P policy", "F fault", "RR", "server1 slow x5", "q_learning", "600┤", "400┤", "200┤", "  0┤", "┊", "━", "-1m", "-30s", "now", "p99 279ms", "p95 179ms", "p50 69ms", "RR 131ms"} {
		require.Contains(t, text, word)
	}
	require.Contains(t, strings.Join(lines, ""), string(s.Theme.Tint), "the time of the fault has another ground")
	require.NotContains(t, ansi.Strip(strings.Join(second(p.Draw(s, 100, 9)), "")), "RR mean", "no room")

	s.Snap.Phases, s.Snap.Policy = s.Snap.Phases[:1], "round_robin"
	_, lines = p.Draw(s, 100, 30)
	require.NotContains(t, ansi.Strip(strings.Join(lines, "\n")), "RR mean", "it is what the lines are")
}

func TestLatencyAsHeatMapAndHistogram(t *testing.T) {
	s, p := sight(canned.Snapshot(3)), NewLatency("colour")
	s.Window = time.Minute
	require.Equal(t, box.Act{Keep: box.Preference{Name: "chart", Value: "heat map"}, Say: "latency as heat map"}, p.Press(s, press("v")))
	draw := func(w, h int) string {
		aside, lines := p.Draw(s, w, h)
		require.LessOrEqual(t, len(lines), h)
		return ansi.Strip(aside + "\n" + strings.Join(lines, "\n"))
	}
	text := draw(80, 30)
	for _, word := range []string{"heat map 1m", "few .=%# many", "q_learning", "server1 slow", "now", "%%"} {
		require.Contains(t, text, word)
	}
	require.NotContains(t, draw(40, 9), "phase", "what was asked for comes before the comparison")
	p.Press(s, press("v"))
	text = draw(80, 20)
	require.Contains(t, text, "# q_learning, its last 43 s   .| RR, its last 60 s")
	require.Regexp(t, `54-76 ms +\d+%  #+`, text)
	require.Regexp(t, `#+\.+\|`, text, "the outline of round robin behind")
	for i := range s.Snap.Seconds {
		s.Snap.Seconds[i].Latencies = nil
	}
	p = NewLatency("histogram")
	require.Contains(t, draw(80, 20), "no answers yet")
	require.Equal(t, "latency as lines", p.Press(s, press("v")).Say)
}

// Two kinds of answers are two rows, and the rest of a bar tells how much of it there was before.
func TestOutlines(t *testing.T) {
	s := sight(canned.Snapshot(3))
	require.Equal(t, "#####", ansi.Strip(outlined(s, 0.5, 0, 10)))
	require.Equal(t, "#####....|", ansi.Strip(outlined(s, 0.5, 1, 10)))
	require.Equal(t, "####|#####", ansi.Strip(outlined(s, 1, 0.5, 10)))
	require.Equal(t, "|", ansi.Strip(outlined(s, 0, 0.001, 10)))
	require.Empty(t, outlined(s, 0, 0, 10))
}
