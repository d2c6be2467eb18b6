package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"slbtui/tui/box"
	"slbtui/tui/pane"
)

// newPanes are the panes; where each stands is said in layout.go. All else (number, title, keys in the key
// map, in help and in the footer, what can be filtered and clicked) comes from here and from the panes.
func newPanes(o *Options) [panes]box.Box {
	return [panes]box.Box{
		paneServers:  pane.NewServers(o.Order),
		paneLatency:  pane.NewLatency(o.Chart),
		paneQTable:   pane.NewQTable(o.Table, o.Sort),
		paneLearning: pane.Learning{},
		paneEvents:   &pane.Events{},
		paneFlow:     &pane.Flow{},
		paneFleet:    &pane.Fleet{},
	}
}

// keysOf are the keys that panes have of their own.
func keysOf(shown []box.Box, each func(id paneID, k box.Key)) {
	for id, p := range shown {
		if keyed, ok := p.(box.Keyed); ok {
			for _, k := range keyed.Keys() {
				each(paneID(id), k)
			}
		}
	}
}

// paneKeys adds the keys of panes to a key map, each at the end of its group. One that several panes have is one
// line, which says what it does in each.
func paneKeys(all []action, shown []box.Box) []action {
	keysOf(shown, func(_ paneID, k box.Key) {
		at := len(all)
		for i := range all {
			if slices.Equal(all[i].Keys(), k.Keys()) {
				all[i].SetHelp(all[i].Help().Key, all[i].Help().Desc+"; "+k.Help().Desc)
				return
			}
			if all[i].group == k.Group {
				at = i + 1
			}
		}
		all = slices.Insert(all, at, action{k.Binding, k.Group, (*Model).pressOwner})
	})
	return all
}

// pressOwner gives a key to the focused pane if it is one of its own, else to the Q-table or to whichever has it.
func (m *Model) pressOwner(k tea.KeyPressMsg) tea.Cmd {
	owner := paneID(-1)
	keysOf(m.panes[:], func(id paneID, own box.Key) {
		if key.Matches(k, own.Binding) && owner != m.focus && (owner < 0 || id == m.focus || id == paneQTable) {
			owner = id
		}
	})
	if owner < 0 {
		return nil
	}
	return m.pressPane(owner, k)
}

// title is what a pane is called.
func (m *Model) title(id paneID) string {
	s := m.sightOf(id)
	return m.panes[id].Title(&s)
}

// pressed gives a key to a pane, which may look different then.
func (m *Model) pressed(id paneID, k tea.KeyPressMsg) box.Act {
	s := m.sightOf(id)
	m.drawn[id].look = look{}
	return m.panes[id].Press(&s, k)
}

func (m *Model) pressPane(id paneID, k tea.KeyPressMsg) tea.Cmd { return m.carryOut(m.pressed(id, k)) }

// pressFocused gives a key to the pane that has the focus.
func (m *Model) pressFocused(k tea.KeyPressMsg) tea.Cmd { return m.pressPane(m.focus, k) }

// details opens what there is to know behind the focused pane, or gives it the screen, or takes that back.
func (m *Model) details(k tea.KeyPressMsg) tea.Cmd {
	act := m.pressed(m.focus, k)
	if act.Nothing() {
		m.zoomed = !m.zoomed
	}
	return m.carryOut(act)
}

// wheelPane scrolls the focused pane by three lines, or to the next of what can be selected.
func (m *Model) wheelPane(k tea.KeyPressMsg) tea.Cmd {
	for range wheelLines {
		if act := m.pressed(m.focus, k); !act.Nothing() {
			return m.carryOut(act)
		}
	}
	return nil
}

// filterOf is the filter of a pane, "" when it has none.
func (m *Model) filterOf(id paneID) string {
	if f, ok := m.panes[id].(box.Filterer); ok {
		return f.Filter()
	}
	return ""
}

// filter makes a pane show only what contains text.
func (m *Model) filter(id paneID, text string) {
	if f, ok := m.panes[id].(box.Filterer); ok {
		s := m.sightOf(id)
		m.drawn[id].look = look{}
		m.carryOut(f.SetFilter(&s, text))
	}
}

// step goes to the next or the previous line that the filter lets through, around the end.
func (m *Model) step(k tea.KeyPressMsg) tea.Cmd {
	if m.filterOf(m.focus) == "" {
		return m.complain("nothing to step through: / filters first")
	}
	return m.pressFocused(k)
}
