package pane

import (
	"strconv"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// policyMap shows which of two servers the table prefers, for every pair of their loads: the
// selected server downward against another (h and l choose it) across.
func (p *QTable) policyMap(s *box.Sight, l *live.Learner, w, h int) []string {
	t, rows := s.Theme, l.Table.Rows
	a, b := p.mapped(s)
	label := 0
	for i := range rows {
		label = max(label, ansi.StringWidth(format.Printable(rows[i].Label)))
	}
	label = min(max(label, 2), 7)
	head := t.Dim.On(" " + format.Spaces(label))
	columns := len(rows)
	if 1+label+columns*(label+1) > w {
		columns = max((w-2-label)/(label+1), 0) // and a cell for the mark of the others
	}
	for i := range columns {
		head += t.Dim.On(" " + format.Right(format.Printable(rows[i].Label), label))
	}
	if columns < len(rows) {
		head += t.Key.On(">")
	}
	lines := []string{mapTitle(s, a, b, w), head}
	note := " " + t.Dim.On("by the table alone: no delay, speed, lateness, failures")
	if h < 6 || ansi.StringWidth(note) > w {
		note = "" // the rows need the room more
		h++
	}
	atA, atB := lastLevels(s, l, a, b)
	from := p.scroll.From(len(rows), h-3)
	for i := from; i < len(rows) && len(lines) < h-1; i++ {
		line := " " + t.Dim.On(format.Right(format.Printable(rows[i].Label), label))
		for k := range columns {
			mark, style := preferred(l, i, a, k, b), t.Dim
			switch mark {
			case "A":
				style = t.Server(a)
			case "B":
				style = t.Server(b)
			default:
				mark = t.Glyphs.None
			}
			if rows[i].ID == atA && rows[k].ID == atB {
				line += t.Last.On(format.Right("["+mark+"]", label+1))
				continue
			}
			line += style.On(format.Right(mark, label)) + " "
		}
		lines = append(lines, line)
	}
	if note == "" {
		return lines
	}
	return append(lines, note)
}

// mapTitle says which server is which, in w cells: their names come before what their loads are.
func mapTitle(s *box.Sight, a, b, w int) string {
	t := s.Theme
	write := func(names []string, what, other string) string {
		return " " + t.Server(a).On("A") + " " + t.Bold.On(names[a]) + t.Dim.On(" down  ") + t.Server(b).On("B") + " " + t.Bold.On(names[b]) + t.Dim.On(what+"  ") + t.Key.On("h l") + t.Dim.On(other)
	}
	title := write(s.Names(w), " across, in flight", " other")
	if ansi.StringWidth(title) <= w {
		return title
	}
	bare := ansi.StringWidth(write(make([]string, len(s.Snap.Servers)), " across", ""))
	return ansi.Truncate(write(s.Names(max((w-bare)/2, 4)), " across", ""), w, t.Glyphs.Ellipsis)
}

// mapped are the two servers of the policy map.
func (p *QTable) mapped(s *box.Sight) (a, b int) {
	n := len(s.Snap.Servers)
	a = max(s.Index(), 0)
	return a, (a + 1 + p.column%max(n-1, 1)) % n
}

// preferred is "A" or "B", or empty where the table doesn't know one of the two cells.
func preferred(l *live.Learner, rowA, a, rowB, b int) string {
	ra, rb := &l.Table.Rows[rowA], &l.Table.Rows[rowB]
	if a >= len(ra.Q) || a >= len(ra.Visits) || b >= len(rb.Q) || b >= len(rb.Visits) || ra.Visits[a] == 0 || rb.Visits[b] == 0 {
		return ""
	}
	if format.Finite(ra.Q[a]) >= format.Finite(rb.Q[b]) {
		return "A"
	}
	return "B"
}

// lastLevels are the rows in which the two servers were at the last decision, -1 when unknown.
func lastLevels(s *box.Sight, l *live.Learner, a, b int) (int, int) {
	if d := words.Decisions(s.Snap, l); len(d) > 0 && max(a, b) < len(d[0].Servers) {
		return d[0].Servers[a].Level, d[0].Servers[b].Level
	}
	return -1, -1
}

// states counts the rows shown of all there are: "1-12/40 ".
func states(from, to, all int) string {
	return strconv.Itoa(from) + "-" + strconv.Itoa(to) + "/" + strconv.Itoa(all) + " "
}
