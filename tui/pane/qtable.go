package pane

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// QTable is the pane of what the learner has learned.
type QTable struct {
	scroll box.Scroll
	filter box.Filter
	order  qorder
	view   qview
	column int // the first server shown

	sorted  box.Memo[qsorting, []*qlearn.Row]
	written box.Memo[labelling, words.Labels]
	shaded  box.Memo[rowsOf, heat]
}

// NewQTable returns the pane with one of Tables and one of Sorts, the first where the name is another.
func NewQTable(table, sort string) *QTable {
	return &QTable{
		view:  qview(max(slices.Index(qviewNames[:], table), 0)),
		order: qorder(max(slices.Index(qorderNames[:], sort), 0)),
	}
}

// Tables are the ways in which the table can be shown, the default first.
func Tables() []string { return qviewNames[:] }

// Sorts are the orders in which its rows can stand, the default first.
func Sorts() []string { return qorderNames[:] }

// Title is that of the pane.
func (p *QTable) Title(*box.Sight) string { return "Q-table" }

// Keys turn how the table is shown and sorted.
func (p *QTable) Keys() []box.Key {
	return []box.Key{
		{Binding: key.NewBinding(key.WithKeys("v"), key.WithHelp("v", "Q-table as values, heat map, policy map")), Group: "View", Word: "table"},
		{Binding: key.NewBinding(key.WithKeys("o"), key.WithHelp("o", "Q-table sorted by visits, value, recency")), Group: "View", Word: "sort"},
	}
}

// Filter is what the label of a row must contain to be shown.
func (p *QTable) Filter() string { return string(p.filter) }

// SetFilter shows the rows whose label contains text, from the first on.
func (p *QTable) SetFilter(_ *box.Sight, text string) box.Act {
	p.filter, p.scroll.First = box.Filter(text), 0
	return box.Act{}
}

// Press scrolls, or turns how the table is shown.
func (p *QTable) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	switch k.String() {
	case "enter":
		return dialog.AskWhy(s)
	case "v":
		return p.turnView(s)
	case "o":
		return p.turnOrder(s)
	case "h", "left":
		p.sideways(s, -1)
	case "l", "right":
		p.sideways(s, 1)
	case "n":
		p.scroll.Step(1)
	case "N":
		p.scroll.Step(-1)
	default:
		p.scroll.Move(k.String())
	}
	return box.Act{}
}

// sideways moves the columns, or the other server of the policy map.
func (p *QTable) sideways(s *box.Sight, d int) {
	p.column = min(max(p.column+d, 0), max(0, len(s.Snap.Servers)-1))
}

// Draw is a row for each state (or in-flight level), a column for each server. The best server of a row
// carries a star, the last decision brackets.
func (p *QTable) Draw(s *box.Sight, w, h int) (string, []string) {
	t, l := s.Theme, words.Learner(s.Snap)
	if l == nil {
		return "", []string{"", " " + t.Dim.On("no learner yet")}
	}
	role := "learns along"
	switch {
	case l.Routing:
		role = "routes"
	case l.Idle:
		role = "idle"
	}
	const named = 50 // cells from which on there is room for the role of one that watches
	if words.Watches(l) && w < named {
		role = ""
	}
	aside := t.Dim.On(strings.TrimSpace(l.Name + " " + role))
	if len(l.Table.Rows) == 0 {
		return aside, []string{"", " " + t.Dim.On("no decisions yet"+s.UnlessReadOnly(": press t to let RL route")), "", " " + t.Dim.On("rows will be situations the learner has met,"), " " + t.Dim.On("columns what each server is worth in them")}
	}
	lines := p.head(s, l, w, h)
	if p.view == viewMap && mappable(s, l) {
		return t.Dim.On(qviewNames[viewMap]+" ") + aside, append(lines, p.policyMap(s, l, w, h-len(lines))...)
	}
	foot := foot(s, l, w, h)
	rows := p.rows(l)
	if len(rows) == 0 {
		return aside, p.filter.NoMatch(s.Theme, w)
	}
	g := p.grid(s, l, w)
	lines = append(lines, qheading(s, l, &g))
	room := h - len(lines) - len(foot)
	from := p.scroll.From(len(rows), room)
	for i := from; i < min(from+room, len(rows)); i++ {
		lines = append(lines, p.row(t, rows[i], &g))
	}
	lines = append(lines, latestDecisions(s, l, w, h-len(lines)-len(foot))...)
	if len(foot) > 0 {
		lines = append(lines, make([]string, max(0, h-len(lines)-len(foot)))...)
		lines = append(lines, foot...)
	}
	var notes []string // most needed first: what doesn't fit is left out
	if len(rows) > room && room > 0 {
		notes = append(notes, states(from+1, min(from+room, len(rows)), l.Table.States))
	}
	if o := p.orderShown(); o != byUse {
		notes = append(notes, o.word(l.Table.Kind)+" ")
	}
	if n := len(s.Snap.Servers); g.last-g.first < n {
		notes = append(notes, "servers "+states(g.first+1, g.last, n)+"(h l) ")
	}
	if p.view != viewHeat && w >= 54 {
		notes = append(notes, "-1 is 10ms  ")
	}
	return p.besides(s, notes, aside, w), lines
}

// besides puts as many notes before aside as fit into the Q-table's upper edge.
func (p *QTable) besides(s *box.Sight, notes []string, aside string, w int) string {
	const frame = 4 // of the edge, around the aside
	left := w - frame - ansi.StringWidth(p.Title(s)) - len("3 ") - ansi.StringWidth(aside)
	if f := p.filter; f != "" {
		left -= ansi.StringWidth(format.Printable(string(f))) + len(" /")
	}
	fitting := ""
	for _, note := range notes {
		if n := ansi.StringWidth(note); n <= left {
			fitting, left = fitting+note, left-n
		}
	}
	return s.Theme.Dim.On(fitting) + aside
}
