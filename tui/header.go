package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// segment is a part of the header in a long and a short form. Where there is no room, those of the
// highest rank are shortened first; then those of the highest rank go.
type segment struct {
	long, short string
	rank        int
	lead        lead // what parts it from the one before
}

// lead is how much a segment has to do with the one before.
type lead int

const (
	anew   lead = iota // a line parts them
	beside             // a blank does
)

// header is one line of exactly w cells.
func (m *Model) header(w int) string {
	s := m.sight()
	segments := append(segments(&s), m.liveSegment())
	for {
		line := m.joined(segments)
		if ansi.StringWidth(line) <= w || len(segments) == 0 {
			return format.Fit(line, w)
		}
		if i := dearest(segments, func(s segment) bool { return s.long != s.short }); i >= 0 {
			segments[i].long = segments[i].short
			continue
		}
		i := dearest(segments, func(segment) bool { return true })
		if i+1 < len(segments) {
			segments[i+1].lead = min(segments[i+1].lead, segments[i].lead)
		}
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

func (m *Model) joined(segments []segment) string {
	var b strings.Builder
	b.WriteString(" ")
	line, parted := " "+m.theme.Border.On(m.theme.Glyphs.Part)+" ", anew
	first := true
	for _, s := range segments {
		if parted = min(parted, s.lead); s.long == "" {
			continue
		}
		switch {
		case first:
		case parted == anew:
			b.WriteString(line)
		default:
			b.WriteString(" ")
		}
		b.WriteString(s.long)
		first, parted = false, beside
	}
	return b.String()
}

// segments are all but the last, which says whether they are of now.
func segments(s *box.Sight) []segment {
	t, snap := s.Theme, s.Snap
	mode := words.Mode(snap)
	short, _, _ := strings.Cut(mode, " ")
	out := []segment{
		{t.Bold.On("slbtui"), t.Bold.On("slbtui"), 9, anew},
		{t.Bold.On(mode), t.Bold.On(short), 0, beside},
	}
	if snap.Link != nil {
		name := t.Dim.On(format.Printable(snap.Link.Name))
		out = append(out, segment{name, name, 8, anew})
	}
	if r := snap.Replay; r != nil {
		name := ansi.Truncate(format.Printable(r.Name), 12, t.Glyphs.Ellipsis)
		out = append(out, segment{t.Bold.On(words.Replay(r)), t.Bold.On("replay " + name + " " + format.Clock(r.Elapsed)), 1, anew})
	}
	if s.ReadOnly {
		out = append(out, segment{t.Warn.On("READ-ONLY"), t.Warn.On("READ-ONLY"), 1, anew})
	}
	p50, p95, p99 := t.P50.On("p50 ")+format.Millis(snap.Now.P50MS), t.P95.On("p95 ")+format.Millis(snap.Now.P95MS), t.P99.On("p99 ")+format.Millis(snap.Now.P99MS)
	return append(out, rateSegment(s),
		segment{p50, "", 7, anew}, segment{p95, p95, 2, beside}, segment{p99, p99, 5, beside},
		failedSegment(s), clockSegment(s),
	)
}

// failedSegment is the share that failed, coloured by its size, and why.
func failedSegment(s *box.Sight) segment {
	t, share := s.Theme, words.FailedShare(s.Snap)
	const much = 0.01
	ink := t.Plain
	switch {
	case share >= much:
		ink = t.Bad
	case share > 0:
		ink = t.Warn
	}
	text := t.Dim.On("err ") + ink.On(words.Failed(s.Snap))
	long := text
	if why := words.FailedWhy(s.Snap, s.Names(9)); why != "" {
		long += " " + ink.On(why)
	}
	return segment{long, text, 3, anew}
}

// rateSegment is the offered and the served rate.
func rateSegment(s *box.Sight) segment {
	t, load := s.Theme, &s.Snap.Load
	if !load.Enabled {
		text := format.Rate(load.Served) + t.Dim.On("/s")
		return segment{text, text, 4, anew}
	}
	mark := t.Good.On(t.Glyphs.Run)
	brief := mark
	switch {
	case load.Finished:
		mark = t.Warn.On("done")
		brief = mark
	case load.Paused:
		mark = t.Warn.On(t.Glyphs.Pause)
		brief = mark
	case load.Lagging:
		mark, brief = t.Bad.On("machine too busy"), t.Bad.On("too busy")
	}
	return segment{s.Rate() + t.Dim.On(t.Glyphs.Arrow) + format.Rate(load.Served) + t.Dim.On("/s ") + mark, s.Rate() + t.Dim.On("/s ") + brief, 4, anew}
}

func clockSegment(s *box.Sight) segment {
	run := format.Clock(s.Snap.At)
	planned := run
	if s.Snap.Duration > 0 {
		planned += s.Theme.Dim.On("/" + format.Clock(s.Snap.Duration))
	}
	return segment{planned, run, 6, anew}
}

// liveSegment says whether what is shown is now.
func (m *Model) liveSegment() segment {
	t := m.theme
	lost := m.lost()
	switch {
	case lost != "":
		return segment{t.Bad.On(lost), t.Bad.On(lost), 0, anew}
	case m.frozen:
		text := "FROZEN " + format.Seconds(m.now.Sub(m.frozenAt))
		return segment{t.Warn.On(text) + t.Dim.On(" "+t.Glyphs.Dot+" engine running"), t.Warn.On(text), 0, anew}
	case m.snap.State != "running":
		text := t.Warn.On(strings.ToUpper(string(m.snap.State)))
		return segment{text, text, 0, anew}
	case m.snap.Load.Paused:
		return segment{t.Warn.On("PAUSED"), t.Warn.On("PAUSED"), 0, anew}
	}
	return segment{t.Good.On("LIVE"), t.Good.On("LIVE"), 0, anew}
}
