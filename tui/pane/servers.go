package pane

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"slbtui/tui/box"
	"slbtui/tui/dialog"
	"slbtui/tui/words"
)

// Servers is the pane of the upstreams: one row each, then the charts or details of each or of the
// selected one, as the room allows.
type Servers struct {
	filter   box.Filter
	order    sorder
	arranged box.Memo[sorting, []int]
	first    int       // row shown
	followed following // when first was chosen
}

// following is what brings the selected server into view: to select another one, or other rows. As long as
// it stays the same, rows that change places do not move the view.
type following struct {
	server  string
	n, rows int
	order   sorder
	filter  box.Filter
}

// NewServers returns the pane with one of Orders, the first where the name is another.
func NewServers(order string) *Servers {
	return &Servers{order: sorder(max(slices.Index(sorderNames[:], order), 0))}
}

// Title is that of the pane.
func (p *Servers) Title(*box.Sight) string { return "Servers" }

// Keys turn how the servers are sorted.
func (p *Servers) Keys() []box.Key {
	return []box.Key{{Binding: key.NewBinding(key.WithKeys("o"), key.WithHelp("o", "servers sorted by "+strings.Join(sorderNames[1:], ", "))), Group: "View", Word: "sort"}}
}

// Filter is what servers must contain to be shown.
func (p *Servers) Filter() string { return string(p.filter) }

// SetFilter shows the servers that contain text, and selects the first of them if the one selected does not.
func (p *Servers) SetFilter(s *box.Sight, text string) box.Act {
	p.filter = box.Filter(text)
	return p.by(s, 0)
}

// Press selects another server, or opens the details of the selected one.
func (p *Servers) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	switch k.String() {
	case "enter":
		return dialog.AskServer(s, p)
	case "j", "down":
		return p.by(s, 1)
	case "k", "up":
		return p.by(s, -1)
	case "ctrl+d", "pgdown":
		return p.by(s, box.Half)
	case "ctrl+u", "pgup":
		return p.by(s, -box.Half)
	case "g", "home":
		return p.by(s, -len(s.Snap.Servers))
	case "G", "end":
		return p.by(s, len(s.Snap.Servers))
	case "o":
		p.order = (p.order + 1) % sorders
		return box.Act{Keep: box.Preference{Name: "order", Value: sorderNames[p.order]}, Say: "servers " + p.order.said(len(s.Snap.Servers))}
	case "n":
		return p.step(s, 1)
	case "N":
		return p.step(s, -1)
	}
	return box.Act{}
}

// Click selects the server under the mouse.
func (p *Servers) Click(s *box.Sight, _, y, w, h int) box.Act {
	if i := p.onLine(s, y, w, h); i >= 0 {
		return box.Act{Select: s.Snap.Servers[i].ID}
	}
	return box.Act{}
}

// by selects the server n further down of those shown, at most the last.
func (p *Servers) by(s *box.Sight, n int) box.Act {
	shown := p.shown(s)
	if len(shown) == 0 {
		return box.Act{}
	}
	return selecting(s, shown[min(max(cursor(s, shown)+n, 0), len(shown)-1)])
}

// step selects the server n further down of those shown, and from one end to the other.
func (p *Servers) step(s *box.Sight, n int) box.Act {
	shown := p.shown(s)
	if len(shown) == 0 {
		return box.Act{}
	}
	return selecting(s, shown[(cursor(s, shown)+n+len(shown))%len(shown)])
}

func selecting(s *box.Sight, i int) box.Act { return box.Act{Select: s.Snap.Servers[i].ID} }

// cursor is where the selected server stands among those shown; the first stands for one that is not.
func cursor(s *box.Sight, shown []int) int { return max(slices.Index(shown, s.Index()), 0) }

// shown are the indices of the servers that the filter lets through. Addresses have digits in common, so
// they are looked at only for what looks like one.
func (p *Servers) shown(s *box.Sight) []int {
	var rows []int
	for _, i := range p.sorted(s) {
		if v := &s.Snap.Servers[i]; p.filter.Lets(v.ID, string(v.State), v.Health, words.FaultFor(v)) || strings.ContainsAny(string(p.filter), ".:") && p.filter.Lets(v.Addr) {
			rows = append(rows, i)
		}
	}
	return rows
}

// Draw is the rows, and below them what there is room for.
func (p *Servers) Draw(s *box.Sight, w, h int) (string, []string) {
	t, list := s.Theme, s.Snap.Servers
	aside := ""
	if s.Snap.Listen != "" {
		aside = t.Dim.On("proxy ") + s.Snap.Listen
	}
	if len(list) == 0 {
		return aside, []string{"", " " + t.Dim.On("no servers yet")}
	}
	shown := p.shown(s)
	if len(shown) == 0 {
		return aside, p.filter.NoMatch(s.Theme, w)
	}
	table := serverColumns(s, w-1)
	lines := append(summary(s, w), " "+t.Heading(table))
	if word := p.order.word(len(list)); word != "" {
		aside = t.Dim.On(word+" ") + aside
	}
	n := len(shown)
	if per := chartLines(s, n, w, h); per > 0 {
		for _, i := range shown {
			lines = append(lines, serverRow(t, table, i, list[i].ID == s.Server))
			lines = append(lines, serverCharts(s, i, w)...)
			lines = append(lines, make([]string, per-4)...)
		}
		return aside, lines
	}
	rows := h - len(lines)
	if n > rows || n < len(list) {
		aside = t.Dim.On(fmt.Sprintf("%d/%d ", cursor(s, shown)+1, n)) + aside
	}
	first := p.from(s, shown, rows)
	for i := first; i < min(first+rows, n); i++ {
		lines = append(lines, serverRow(t, table, shown[i], list[shown[i]].ID == s.Server))
	}
	if rows-n >= 3 {
		lines = append(lines, "")
		lines = append(lines, serverDetails(s, max(s.Index(), 0), w)...)
	}
	return aside, lines
}

// from is the first row shown: the selected server is brought into view when it is selected.
func (p *Servers) from(s *box.Sight, shown []int, rows int) int {
	now := following{server: s.Server, n: len(shown), rows: rows, order: p.order, filter: p.filter}
	if now != p.followed {
		p.first = box.Visible(p.first, cursor(s, shown), len(shown), rows)
		p.followed = now
	}
	return p.first
}

// chartLines is how many lines each of n servers gets where there is room for charts of each: a row,
// three charts and perhaps a blank; 0 otherwise.
func chartLines(s *box.Sight, n, w, h int) int {
	switch {
	case n < len(s.Snap.Servers) || w < 50 || h-1 < 4*n:
		return 0
	case h-1 < 5*n:
		return 4
	}
	return 5
}

// onLine is the server that line y of the pane's inside belongs to, -1 when there is none.
func (p *Servers) onLine(s *box.Sight, y, w, h int) int {
	shown := p.shown(s)
	head := 1 + len(summary(s, w))
	if y < head || len(shown) == 0 {
		return -1
	}
	i := y - head
	if per := chartLines(s, len(shown), w, h); per > 0 {
		i /= per
	} else {
		i += p.from(s, shown, h-head)
		if y > h-1 {
			return -1
		}
	}
	if i >= len(shown) {
		return -1
	}
	return shown[i]
}
