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
