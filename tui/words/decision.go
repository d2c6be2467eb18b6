// Package words is what numbers say: decisions, forecasts, faults, commands and modes as people call them.
// Strings out, no ink: the screen and the spoken lines use the same words. It asks nothing but a snapshot,
// and keeps nothing.
package words

import (
	"fmt"
	"strconv"
	"strings"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/format"
)

// Decisions are the learner's explained ones that speak of the servers shown, newest first.
func Decisions(s *live.Snapshot, l *live.Learner) []*live.Decision {
	var out []*live.Decision
	for i := len(l.Decisions) - 1; i >= 0; i-- {
		d := &l.Decisions[i]
		if n := len(d.Servers); d.Chosen >= 0 && d.Chosen < n && n <= len(s.Servers) {
			out = append(out, d)
		}
	}
	return out
}

// LastCell is the row and the server of the last decision. Where decisions are explained, it is the
// last of these, so that the mark in the table and the words beside it speak of the same one.
func LastCell(s *live.Snapshot, l *live.Learner) (row, server int) {
	all := Decisions(s, l)
	if len(all) == 0 {
		return l.Table.LastRow, l.Table.LastServer
	}
	d := all[0]
	if l.Table.Kind == "factored" {
		return d.Servers[d.Chosen].Level, d.Chosen
	}
	for i := range l.Table.Rows {
		if r := &l.Table.Rows[i]; r.Label == d.State {
			return r.ID, d.Chosen
		}
	}
	return l.Table.LastRow, l.Table.LastServer
}

// Rival is the best available server that was not chosen, -1 when there is none.
func Rival(d *live.Decision) int {
	best := -1
	for i := range d.Servers {
		if i != d.Chosen && d.Servers[i].Available && (best < 0 || d.Servers[i].ScoreMS < d.Servers[best].ScoreMS) {
			best = i
		}
	}
	return best
}

// Why says in one sentence what decided; names are those of the servers.
func Why(names []string, l *live.Learner, d *live.Decision) string {
	name := func(i int) string { return names[i] }
	text := name(d.Chosen) + ": "
	won, r := &d.Servers[d.Chosen], Rival(d)
	switch {
	case r < 0:
		text += "no other server was available"
	case l.Table.Kind == "joint":
		text += jointReason(d, name(r), r)
	case d.Explored:
		text += "drawn at random, to explore; " + gap(won.ScoreMS-d.Servers[r].ScoreMS, "than "+name(r))
	case !won.Known:
		text += "never measured yet, so it is tried first"
	case !d.Servers[r].Known:
		text += expected(won.ScoreMS) + " expected; " + name(r) + " was never measured and has a request to answer first"
	default:
		text += expected(won.ScoreMS) + " expected, " + gap(won.ScoreMS-d.Servers[r].ScoreMS, "than "+name(r)) + reason(l, won, &d.Servers[r])
	}
	if d.Routed != d.Chosen && d.Routed >= 0 && d.Routed < len(names) {
		text += "; it watched, " + name(d.Routed) + " got it"
	}
	return text
}

// Read says what a network read of the server that was chosen; "" where none decides. names are those of the servers.
func Read(names []string, d *live.Decision) string {
	features := d.Servers[d.Chosen].Features
	if len(features) == 0 {
		return ""
	}
	parts := make([]string, len(features))
	for i, f := range features {
		parts[i] = f.Name + " " + strconv.FormatFloat(format.Finite(f.Value), 'f', 2, 64)
	}
	return "read of " + names[d.Chosen] + ": " + strings.Join(parts, ", ")
}

// jointReason speaks of Q, of which the highest wins.
func jointReason(d *live.Decision, other string, r int) string {
	won, lost := &d.Servers[d.Chosen], &d.Servers[r]
	ahead := Q(won) - Q(lost)
	switch {
	case d.Explored:
		return fmt.Sprintf("drawn at random, to explore; its Q is %.1f, that of %s %.1f", Q(won), other, Q(lost))
	case !won.Known:
		return "greedy: not tried in this state yet, which counts as " + fmt.Sprintf("%.1f", Q(won))
	case ahead < 0.05:
		return fmt.Sprintf("greedy: Q %.1f, as good as %s", Q(won), other)
	}
	return fmt.Sprintf("greedy: its Q of %.1f is the highest, %.1f above %s", Q(won), ahead, other)
}

// Q is the value that a joint table's explanation was made from.
func Q(e *qlearn.Explanation) float64 { return format.Finite(0 - e.ScoreMS/10) }

func expected(ms float64) string {
	if ms = format.Finite(ms); ms > -9.95 && ms < 9.95 {
		return strconv.FormatFloat(ms, 'f', 1, 64) + " ms"
	}
	return strconv.FormatFloat(ms, 'f', 0, 64) + " ms"
}

func gap(ms float64, than string) string {
	switch ms = format.Finite(ms); {
	case ms <= -0.05:
		return expected(-ms) + " less " + than
	case ms >= 0.05:
		return expected(ms) + " more " + than
	}
	return "no more " + than
}

// reason names the term in which the loser is furthest behind the winner.
func reason(l *live.Learner, won, lost *qlearn.Explanation) string {
	slower := func(e *qlearn.Explanation) float64 { return e.CellMS * (e.Speed - 1) }
	load := Level(l, lost.Level)
	terms := []struct {
		behind float64
		text   string
	}{
		{lost.CellMS - won.CellMS, ", whose table says " + expected(lost.CellMS) + " with " + load + " in flight"},
		{slower(lost) - slower(won), fmt.Sprintf(", which is %.1f times as slow as its table", format.Finite(lost.Speed))},
		{lost.SocialMS - won.SocialMS, ", whose " + load + " in flight would be delayed by " + expected(lost.SocialMS)},
		{lost.CensoredMS - won.CensoredMS, ", whose oldest request is overdue"},
		{lost.FailMS - won.FailMS, ", whose failures cost " + expected(lost.FailMS)},
		{lost.RefusedMS - won.RefusedMS, ", which refuses what others do not, at " + expected(lost.RefusedMS)},
		{lost.ProbationMS - won.ProbationMS, ", which came back and has to answer its first request first"},
		{lost.HopeMS - won.HopeMS, "; it is little known and gets the benefit of the doubt, " + expected(-won.HopeMS)},
	}
	best := 0
	for i := range terms {
		if terms[i].behind > terms[best].behind {
			best = i
		}
	}
	if terms[best].behind < 0.05 {
		return ""
	}
	return terms[best].text
}

// Level is a server's load as the table calls it: "3" or "6-7" in flight, or low, medium, high.
func Level(l *live.Learner, level int) string {
	if l.Table.Kind == "joint" {
		if level < 0 || level > 2 {
			return "?"
		}
		return []string{"low", "medium", "high"}[level]
	}
	for i := range l.Table.Rows {
		if r := &l.Table.Rows[i]; r.ID == level {
			return format.Printable(r.Label)
		}
	}
	return strconv.Itoa(level)
}
