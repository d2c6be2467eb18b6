package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// segment is a part of the header in a long and a short form. Where there is no room, those of the
// highest rank are shortened first; then those of the highest rank go.
type segment struct {
	long, short string
	rank        int
}

// header is one line of exactly w cells.
func (m *Model) header(w int) string {
	s := m.sight()
	segments := append(segments(&s), m.liveSegment())
	for {
		line := joined(segments)
		if ansi.StringWidth(line) <= w || len(segments) == 0 {
			return format.Fit(line, w)
		}
		if i := dearest(segments, func(s segment) bool { return s.long != s.short }); i >= 0 {
			segments[i].long = segments[i].short
			continue
		}
		i := dearest(segments, func(segment) bool { return true })
		segments = slices.Delete(segments, i, i+1)
	}
}

// dearest returns the segment of highest rank among some, -1 when there is none.
func dearest(segments []segment, among func(segment) bool) int {
	found := -1
	for i, s := range segments {
		if among(s) && (found < 0 || s.rank > segments[found].rank) {
			found = i
		}
	}
	return found
}

func joined(segments []segment) string {
	var b strings.Builder
	b.WriteString(" ")
	for i, s := range segments {
		if i > 0 {
			b.WriteString("  ")
		}
		b.WriteString(s.long)
	}
	return b.String()
}

// segments are all but the last, which says whether they are of now.
func segments(s *box.Sight) []segment {
	t, g, snap := s.Theme, &s.Theme.Glyphs, s.Snap
	same := func(text string, rank int) segment { return segment{text, text, rank} }
	mode := words.Mode(snap)
	short, _, _ := strings.Cut(mode, " ")
	out := []segment{
		same(t.Bold.On("slbtui"), 5),
		{t.Bold.On(mode), t.Bold.On(short), 0},
	}
	if s.ReadOnly {
		out = append(out, same(t.Warn.On("READ-ONLY"), 1))
	}
	if l := words.Learner(snap); l != nil {
		for _, p := range []struct {
			name, symbol string
			rank         int
		}{{"epsilon", g.Epsilon, 4}, {"alpha", g.Alpha, 7}, {"gamma", g.Gamma, 9}} {
			if v, ok := s.Param(l, p.name); ok {
				out = append(out, same(t.Dim.On(p.symbol)+" "+v, p.rank))
			}
		}
	}
	return append(out, rateSegment(s), clockSegment(s),
		same(t.Dim.On("err ")+failedInk(s).On(words.Failed(snap)), 3),
		same(t.Dim.On("p95 ")+format.Millis(snap.Now.P95MS), 6),
		same(t.Dim.On("cpu ")+format.Percent(snap.Cost.CPU), 8),
	)
}

// failedInk is the ink of the share that failed: what the console is there to show is not grey.
func failedInk(s *box.Sight) theme.Ink {
	if words.FailedShare(s.Snap) > 0 {
		return s.Theme.Bad
	}
	return s.Theme.Plain
}

// rateSegment is the offered and the served rate.
func rateSegment(s *box.Sight) segment {
	t, load := s.Theme, &s.Snap.Load
	if !load.Enabled {
		text := format.Rate(load.Served) + t.Dim.On(" rps")
		return segment{text, text, 2}
	}
	mark := t.Good.On(t.Glyphs.Run)
	switch {
	case load.Finished:
		mark = t.Warn.On("done")
	case load.Paused:
		mark = t.Warn.On(t.Glyphs.Pause)
	case load.Lagging:
		mark = t.Bad.On("LAGS")
	}
	short := s.Rate() + t.Dim.On(" rps ") + mark
	return segment{s.Rate() + t.Dim.On(t.Glyphs.Arrow) + format.Rate(load.Served) + t.Dim.On(" rps ") + mark, short, 2}
}

func clockSegment(s *box.Sight) segment {
	run := format.Clock(s.Snap.At)
	planned := run
	if s.Snap.Duration > 0 {
		planned += s.Theme.Dim.On("/" + format.Clock(s.Snap.Duration))
	}
	return segment{planned, run, 4}
}

// liveSegment says whether what is shown is now.
func (m *Model) liveSegment() segment {
	t := m.theme
	switch {
	case m.frozen:
		text := "FROZEN " + format.Seconds(m.now.Sub(m.frozenAt))
		return segment{t.Warn.On(text) + t.Dim.On(" "+t.Glyphs.Dot+" engine running"), t.Warn.On(text), 0}
	case m.snap.State != "running":
		text := t.Warn.On(strings.ToUpper(string(m.snap.State)))
		return segment{text, text, 0}
	case m.snap.Load.Paused:
		return segment{t.Warn.On("PAUSED"), t.Warn.On("PAUSED"), 0}
	}
	return segment{t.Good.On("LIVE"), t.Good.On("LIVE"), 0}
}
