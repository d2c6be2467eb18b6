package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/chart"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

const (
	qWidth  = 7 // "-100.0*"
	nVisits = 6
)

// qtable is what the learner has learned: a row for each state (or in-flight level), a column for
// each server. The best server of a row carries a star, the last decision brackets.
func (m *Model) qtable(w, h int) (string, []string) {
	t, l := m.theme, m.learner()
	if l == nil {
		return "", []string{"", " " + t.Dim.On("no learner yet")}
	}
	role := "in shadow"
	switch {
	case l.Routing:
		role = "routes"
	case l.Idle:
		role = "idle"
	}
	aside := t.Dim.On(l.Name + " " + role)
	if len(l.Table.Rows) == 0 {
		return aside, []string{"", " " + t.Dim.On("no decisions yet"+m.unlessReadOnly(": press t to let RL route")), "", " " + t.Dim.On("rows will be situations the learner has met,"), " " + t.Dim.On("columns what each server is worth in them")}
	}
	lines := m.qtableHead(l, w, h)
	if m.qview == viewMap && m.mappable(l) {
		return t.Dim.On(qviewNames[viewMap]+" ") + aside, append(lines, m.policyMap(l, w, h-len(lines))...)
	}
	foot := m.qtableFoot(l, w, h)
	rows := m.qrows(l)
	if len(rows) == 0 {
		return aside, m.filters[paneQTable].NoMatch(m.theme, w)
	}
	g := m.grid(l, w)
	lines = append(lines, m.qheading(l, &g))
	room := h - len(lines) - len(foot)
	from := min(m.scroll[paneQTable], max(0, len(rows)-room))
	for i := from; i < min(from+room, len(rows)); i++ {
		lines = append(lines, m.qrow(rows[i], &g))
	}
	if len(foot) > 0 {
		lines = append(lines, make([]string, max(0, h-len(lines)-len(foot)))...)
		lines = append(lines, foot...)
	}
	var notes []string // most needed first: what doesn't fit is left out
	if len(rows) > room && room > 0 {
		notes = append(notes, states(from+1, min(from+room, len(rows)), l.Table.States))
	}
	if m.qorder != byUse {
		notes = append(notes, m.qorder.word(l.Table.Kind)+" ")
	}
	if m.qview != viewHeat && w >= 54 {
		notes = append(notes, "-1 is 10ms  ")
	}
	if n := len(m.snap.Servers); g.last-g.first < n && w >= 54 {
		notes = append(notes, "servers "+states(g.first+1, g.last, n)+"(h l) ")
	}
	return m.besides(notes, aside, w), lines
}

// besides puts as many notes before aside as fit into the Q-table's upper edge.
func (m *Model) besides(notes []string, aside string, w int) string {
	const frame = 4 // of the edge, around the aside
	left := w - frame - ansi.StringWidth(paneNames[paneQTable]) - len("3 ") - ansi.StringWidth(aside)
	if f := m.filters[paneQTable]; f != "" {
		left -= ansi.StringWidth(format.Printable(string(f))) + len(" /")
	}
	fitting := ""
	for _, note := range notes {
		if n := ansi.StringWidth(note); n <= left {
			fitting, left = fitting+note, left-n
		}
	}
	return m.theme.Dim.On(fitting) + aside
}

// qgrid says where the cells of a table stand.
type qgrid struct {
	brief       func(string) string // writes a row's label
	label       int                 // width of the labels
	first, last int                 // servers shown
	cell        int                 // width of a cell, with the blank after it one more
	heat        heat
	lastRow     int // qlearn.Row.ID of the last decision
	lastServer  int
}

func (m *Model) grid(l *live.Learner, w int) qgrid {
	n := len(m.snap.Servers)
	g := qgrid{cell: qWidth, first: min(m.columns, max(0, n-1))}
	g.lastRow, g.lastServer = words.LastCell(m.snap, l)
	const narrow = 4 // a shade needs less than a number
	if m.qview == viewHeat {
		g.heat = m.shaded.Of(rowsIn(&l.Table), func() heat { return newHeat(l.Table.Rows) })
		if n*(qWidth+1) > w-12-nVisits {
			g.cell = narrow
		}
	}
	room := min(w-1-nVisits-min(n, 3)*(g.cell+1), max(w/2, 10)) // the label of many servers leaves half to their values
	label := m.written.Of(labelling{rowsIn(&l.Table), room}, func() words.Labels { return words.LabelsIn(l.Table.Rows, room) })
	g.brief, g.label = label.Brief, max(label.Width, ansi.StringWidth(words.Situation(l))+1)
	g.last = min(n, g.first+max(1, (w-g.label-1-nVisits)/(g.cell+1)))
	return g
}

// qtableHead is what stands above the table: how far it has settled, and the last decision where
// there is room.
func (m *Model) qtableHead(l *live.Learner, w, h int) []string {
	lines := []string{m.convergence(l, w)}
	if m.qview == viewHeat {
		lines[0] = m.heatLegend()
	}
	if h < 6 {
		return lines
	}
	return append(lines, m.lastDecision(l, w, h)...)
}

// qtableFoot is the last decision term by term, where there is room for it below the table.
func (m *Model) qtableFoot(l *live.Learner, w, h int) []string {
	d := words.Decisions(m.snap, l)
	const table, most = 9, 8 // lines left to the table, servers
	if len(d) == 0 || w < 50 || len(d[0].Servers) > most || h < table+len(d[0].Servers)+5 {
		return nil
	}
	sight := m.sight()
	what := "last decision at "
	if words.Watches(l) {
		what = "would choose at "
	}
	head := " " + m.theme.Dim.On(what+format.Moment(d[0].At)+", best first; ") + m.theme.Key.On("enter") + m.theme.Dim.On(" explains")
	return append([]string{"", head}, dialog.Terms(&sight, l, d[0], w, len(d[0].Servers))...)
}

// qtableRoom is the number of rows that fit into a pane of w x h.
func (m *Model) qtableRoom(l *live.Learner, w, h int) int {
	return h - len(m.qtableHead(l, w, h)) - 1 - len(m.qtableFoot(l, w, h))
}

func (m *Model) convergence(l *live.Learner, w int) string {
	t, s := m.theme, &l.Stats
	text := fmt.Sprintf("%s states  %s updates  |%sQ| %.2f  explored %s", format.Count(uint64(max(l.Table.States, 0))), format.Count(l.Table.Updates), t.Glyphs.Delta, format.Finite(s.DeltaQ), format.Percent(s.Explored))
	if w < 50 {
		text = fmt.Sprintf("%s states  %s upd  |%sQ| %.2f  expl %s", format.Count(uint64(max(l.Table.States, 0))), format.Count(l.Table.Updates), t.Glyphs.Delta, format.Finite(s.DeltaQ), format.Percent(s.Explored))
	}
	for at := strings.LastIndex(text, "  "); ansi.StringWidth(text) > w-2 && at > 0; at = strings.LastIndex(text, "  ") {
		text = text[:at] // whole words rather than half a one
	}
	if room := w - ansi.StringWidth(text) - 3; room >= 6 {
		return " " + t.Dim.On(text) + "  " + t.P50.On(chart.Spark(chart.Squeeze(l.DeltaQs, min(room, 30)), min(room, 30), t.Glyphs.Chart))
	}
	return " " + t.Dim.On(text)
}

// lastDecision is the latest decision in words, in two lines where there is room.
func (m *Model) lastDecision(l *live.Learner, w, h int) []string {
	t := m.theme
	if d := words.Decisions(m.snap, l); len(d) > 0 {
		text, lead := words.Why(m.snap, l, d[0]), "last "
		if words.Watches(l) {
			lead = "would pick "
		}
		room := max(w-2-len(lead), 0)
		if h < 14 {
			return []string{" " + t.Dim.On(lead) + ansi.Truncate(text, room, t.Glyphs.Ellipsis)}
		}
		lines := format.Wrap(text, room)
		rest := strings.Join(lines[1:], " ")
		return []string{" " + t.Dim.On(lead) + lines[0], "      " + ansi.Truncate(rest, max(w-7, 0), t.Glyphs.Ellipsis)}
	}
	for i := range l.Table.Rows {
		r := &l.Table.Rows[i]
		if r.ID == l.Table.LastRow && l.Table.LastServer >= 0 && l.Table.LastServer < len(m.snap.Servers) {
			return []string{" " + t.Dim.On("last choice ") + t.Last.On(format.Printable(m.snap.Servers[l.Table.LastServer].ID)) + t.Dim.On(" in ") + format.Printable(r.Label)}
		}
	}
	return []string{" " + t.Dim.On("last choice: none yet")}
}

func (m *Model) qheading(l *live.Learner, g *qgrid) string {
	line := " " + format.Left(words.Situation(l), g.label, "")
	for i := g.first; i < g.last; i++ {
		id := format.Printable(m.snap.Servers[i].ID)
		if n := ansi.StringWidth(id); n > g.cell {
			id = ansi.TruncateLeft(id, n-g.cell+1, m.theme.Glyphs.Dot)
		}
		line += format.Right(id, g.cell) + " "
	}
	return m.theme.Dim.On(line + format.Right("visits", nVisits))
}

func (m *Model) qrow(r *qlearn.Row, g *qgrid) string {
	t := m.theme
	current := r.ID == g.lastRow
	lead, style := " ", t.Plain
	if current {
		lead, style = t.Last.On(t.Glyphs.Cursor), t.Last
	}
	line := lead + style.On(format.Left(g.brief(format.Printable(r.Label)), g.label, t.Glyphs.Ellipsis))
	for i := g.first; i < g.last; i++ {
		decided := current && i == g.lastServer
		if m.qview == viewHeat {
			line += m.heatCell(g.heat, r, i, g.cell, decided)
		} else {
			line += m.qcell(r, i, decided)
		}
	}
	return line + t.Dim.On(format.Right(format.Count(visits(r)), nVisits))
}

// qcell is one value, qWidth+1 cells wide: " -12.3* " or, for the last decision, "[-12.3*]".
func (m *Model) qcell(r *qlearn.Row, i int, decided bool) string {
	t := m.theme
	if i >= len(r.Q) || i >= len(r.Visits) || r.Visits[i] == 0 {
		return t.Dim.On(format.Right(t.Glyphs.None+" ", qWidth+1))
	}
	style, text := t.Plain, fmt.Sprintf("%.1f", format.Finite(r.Q[i]))
	star := " "
	if i == r.Best {
		style, star = t.Best, "*"
	}
	if decided {
		return t.Last.On(format.Right("["+text+star+"]", qWidth+1))
	}
	return style.On(format.Right(text+star, qWidth)) + " "
}
