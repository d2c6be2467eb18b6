package pane

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// latestDecisions lists the learner's decisions below the table, newest first, in at most room lines: when, which
// server, what it expected of it, and how much less than of the next best.
func latestDecisions(s *box.Sight, l *live.Learner, w, room int) []string {
	const least = 5 // with fewer lines, the table keeps them
	all := words.Decisions(s.Snap, l)
	if room < least || len(all) == 0 || w < 30 {
		return nil
	}
	t, head := s.Theme, "its choices (+ ahead of the next best)"
	if words.Watches(l) {
		head = "what it would have chosen (+ ahead of the next best)"
	}
	rows := min(len(all), room-2)
	lines := []string{"", " " + t.Dim.On(ansi.Truncate(head, w-2, t.Glyphs.Ellipsis))}
	names := s.Names(max(min(w-30, 24), 4))
	width := 0
	for _, d := range all[:rows] {
		width = max(width, ansi.StringWidth(names[d.Chosen]))
	}
	for _, d := range all[:rows] {
		text := " " + t.Dim.On(format.Moment(d.At)+" "+t.Glyphs.Arrow) + " " + t.Server(d.Chosen).On(format.Left(names[d.Chosen], width, "")) + " " + worth(l, d)
		if more := instead(names, d); ansi.StringWidth(text+more) <= w {
			text += t.Dim.On(more)
		}
		lines = append(lines, ansi.Truncate(text, w, t.Glyphs.Ellipsis))
	}
	return lines
}

// worth is what a decision expected, in the unit of the table, and beside it how far ahead of the next best that is;
// behind it, where chance decided.
func worth(l *live.Learner, d *live.Decision) string {
	e, next := &d.Servers[d.Chosen], words.Rival(d)
	if !e.Known {
		return "not tried before"
	}
	value := func(e *qlearn.Explanation) float64 { return format.Finite(e.ScoreMS) }
	text, sign := fmt.Sprintf("%.0fms", value(e)), "%+.0f"
	if l.Table.Kind == "joint" {
		value, sign = words.Q, "%+.1f"
		text = fmt.Sprintf("Q %.1f", value(e))
	}
	text = format.Right(text, 8)
	if next >= 0 && d.Servers[next].Known {
		text += fmt.Sprintf(" ("+sign+")", value(e)-value(&d.Servers[next]))
	}
	if d.Explored {
		text += " explored"
	}
	return text
}

// instead says which server got the request, where it is another one.
func instead(names []string, d *live.Decision) string {
	if d.Routed == d.Chosen || d.Routed < 0 || d.Routed >= len(names) {
		return ""
	}
	return "; " + names[d.Routed] + " got it"
}
