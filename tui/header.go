package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/format"
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
	segments := m.segments()
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

func (m *Model) segments() []segment {
	t, g, s := m.theme, &m.theme.Glyphs, m.snap
	same := func(text string, rank int) segment { return segment{text, text, rank} }
	mode := words.Mode(m.snap)
	short, _, _ := strings.Cut(mode, " ")
	out := []segment{
		same(t.Bold.On("slbtui"), 5),
		{t.Title.On(mode), t.Title.On(short), 0},
	}
	if m.opts.ReadOnly {
		out = append(out, same(t.Warn.On("READ-ONLY"), 1))
	}
	if l := m.learner(); l != nil {
		for _, p := range []struct {
			name, symbol string
			rank         int
		}{{"epsilon", g.Epsilon, 4}, {"alpha", g.Alpha, 6}, {"gamma", g.Gamma, 9}} {
			if v, ok := m.param(l, p.name); ok {
				out = append(out, same(t.Dim.On(p.symbol)+" "+v, p.rank))
			}
		}
	}
	out = append(out, m.rateSegment(), m.clockSegment())
	out = append(out,
		same(t.Dim.On("err ")+format.Percent1(1-successRate(s)), 3),
		same(t.Dim.On("p95 ")+format.Millis(s.Now.P95MS), 7),
		same(t.Dim.On("cpu ")+format.Percent(s.Cost.CPU), 8),
	)
	return append(out, m.liveSegment())
}

func successRate(s *live.Snapshot) float64 {
	if s.Now.Requests == 0 {
		return 1
	}
	return s.Now.SuccessRate
}

// param writes a parameter's value, with the one asked for until a snapshot shows it.
func (m *Model) param(l *live.Learner, name string) (string, bool) {
	s := m.sight()
	return s.Param(l, name)
}

// rate writes the offered rate, with the one asked for until a snapshot shows it.
func (m *Model) rate() string {
	s := m.sight()
	return s.Rate()
}

// rateSegment is the offered and the served rate.
func (m *Model) rateSegment() segment {
	t, load := m.theme, m.snap.Load
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
	short := m.rate() + t.Dim.On(" rps ") + mark
	return segment{m.rate() + t.Dim.On(t.Glyphs.Arrow) + format.Rate(load.Served) + t.Dim.On(" rps ") + mark, short, 2}
}

func (m *Model) clockSegment() segment {
	run := format.Clock(m.snap.At)
	planned := run
	if m.snap.Duration > 0 {
		planned += m.theme.Dim.On("/" + format.Clock(m.snap.Duration))
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
