package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

// mode names who routes, as people say it: RR, RL with the learner, or the policy's name.
func (m *Model) mode() string {
	switch info := m.policyInfo(m.snap.Policy); {
	case m.snap.Policy == "round_robin":
		return "RR"
	case info.Learner:
		return "RL " + m.snap.Policy
	case m.snap.Policy == "":
		return m.snap.State
	}
	return m.snap.Policy
}

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
	t, g, s := &m.theme, &m.theme.glyphs, m.snap
	same := func(text string, rank int) segment { return segment{text, text, rank} }
	mode := m.mode()
	short, _, _ := strings.Cut(mode, " ")
	out := []segment{
		same(t.bold.on("slbtui"), 5),
		{t.title.on(mode), t.title.on(short), 0},
	}
	if m.opts.ReadOnly {
		out = append(out, same(t.warn.on("READ-ONLY"), 1))
	}
	if l := m.learner(); l != nil {
		for _, p := range []struct {
			name, symbol string
			rank         int
		}{{"epsilon", g.epsilon, 4}, {"alpha", g.alpha, 6}, {"gamma", g.gamma, 9}} {
			if v, ok := m.param(l, p.name); ok {
				out = append(out, same(t.dim.on(p.symbol)+" "+v, p.rank))
			}
		}
	}
	out = append(out, m.rateSegment(), m.clockSegment())
	out = append(out,
		same(t.dim.on("err ")+format.Percent1(1-successRate(s)), 3),
		same(t.dim.on("p95 ")+format.Millis(s.Now.P95MS), 7),
		same(t.dim.on("cpu ")+format.Percent(s.Cost.CPU), 8),
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
	for _, p := range l.Params {
		if p.Name != name {
			continue
		}
		if v, ok := m.pending.shown(live.SetParam{Learner: l.Name, Param: name}); ok {
			g := &m.theme.glyphs
			return format.Decimal(p.Value) + m.theme.warn.on(g.arrow+format.Decimal(v)+g.ellipsis), true
		}
		return format.Decimal(p.Value), true
	}
	return "", false
}

// rate writes the offered rate, with the one asked for until a snapshot shows it.
func (m *Model) rate() string {
	g := &m.theme.glyphs
	text := format.Rate(m.snap.Load.Rate)
	if v, ok := m.pending.shown(live.SetRate{}); ok {
		text += m.theme.warn.on(g.arrow + format.Rate(v) + g.ellipsis)
	}
	return text
}

// rateSegment is the offered and the served rate.
func (m *Model) rateSegment() segment {
	t, load := &m.theme, m.snap.Load
	if !load.Enabled {
		text := format.Rate(load.Served) + t.dim.on(" rps")
		return segment{text, text, 2}
	}
	mark := t.good.on(t.glyphs.run)
	switch {
	case load.Finished:
		mark = t.warn.on("done")
	case load.Paused:
		mark = t.warn.on(t.glyphs.pause)
	case load.Lagging:
		mark = t.bad.on("LAGS")
	}
	short := m.rate() + t.dim.on(" rps ") + mark
	return segment{m.rate() + t.dim.on(t.glyphs.arrow) + format.Rate(load.Served) + t.dim.on(" rps ") + mark, short, 2}
}

func (m *Model) clockSegment() segment {
	run := format.Clock(m.snap.At)
	planned := run
	if m.snap.Duration > 0 {
		planned += m.theme.dim.on("/" + format.Clock(m.snap.Duration))
	}
	return segment{planned, run, 4}
}

// liveSegment says whether what is shown is now.
func (m *Model) liveSegment() segment {
	t := &m.theme
	switch {
	case m.frozen:
		text := "FROZEN " + format.Seconds(m.now.Sub(m.frozenAt))
		return segment{t.warn.on(text) + t.dim.on(" "+t.glyphs.dot+" engine running"), t.warn.on(text), 0}
	case m.snap.State != "running":
		text := t.warn.on(strings.ToUpper(m.snap.State))
		return segment{text, text, 0}
	case m.snap.Load.Paused:
		return segment{t.warn.on("PAUSED"), t.warn.on("PAUSED"), 0}
	}
	return segment{t.good.on("LIVE"), t.good.on("LIVE"), 0}
}
