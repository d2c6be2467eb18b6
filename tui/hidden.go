package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"slbtui/tui/words"
)

// hiddenNamed are the panes of these names, which blanks part. Not all can be hidden: then none is.
func hiddenNamed(names string) (hidden paneSet) {
	for _, name := range strings.Fields(names) {
		if i := slices.Index(words.Panes(), name); i >= 0 {
			hidden[i] = true
		}
	}
	if hidden.all() {
		return paneSet{}
	}
	return hidden
}

// all tells whether nothing is left to be seen of a balancer that has no replicas.
func (s paneSet) all() bool {
	s[paneFleet] = true
	for _, in := range s {
		if !in {
			return false
		}
	}
	return true
}

// names are those of the panes, parted by blanks.
func (s *paneSet) names() string {
	var names []string
	for id, in := range s {
		if in {
			names = append(names, words.Panes()[id])
		}
	}
	return strings.Join(names, " ")
}

// hide takes a pane off the screen, and remembers it.
func (m *Model) hide(name string) tea.Cmd {
	id, left := paneNamed(name), m.hidden
	left[id] = true
	if left.all() {
		return m.complain("one pane has to stay")
	}
	m.hidden = left
	if m.absent(m.focus) {
		m.turnFocus(1)
	}
	m.say(false, fmt.Sprintf("%s is hidden; :show %d brings it back", words.Panes()[id], id+1))
	return m.prefer("hide", m.hidden.names())
}

// show brings a pane back, "" all of them.
func (m *Model) show(name string) tea.Cmd {
	if name == "" {
		m.hidden = paneSet{}
		m.say(false, "all panes are shown")
	} else {
		m.hidden[paneNamed(name)] = false
		m.say(false, name+" is shown")
	}
	return m.prefer("hide", m.hidden.names())
}

// paneNamed is the pane that the command line calls so.
func paneNamed(name string) paneID { return paneID(max(slices.Index(words.Panes(), name), 0)) }

// focusOn gives a pane the focus, unless it is hidden.
func (m *Model) focusOn(id paneID) tea.Cmd {
	if m.hidden[id] {
		return m.complain(fmt.Sprintf("%s is hidden; :show %d brings it back", words.Panes()[id], id+1))
	}
	if m.absent(id) {
		return m.complain("this balancer has no replicas: docs/fleet.md")
	}
	m.focus = id
	return nil
}

// absent tells whether a pane is not to be seen: it is hidden, or there is nothing that it could show.
func (m *Model) absent(id paneID) bool { return m.hidden[id] || id == paneFleet && m.snap.Fleet == nil }

// turnFocus gives the focus to the next pane that is not hidden, or to the one before (-1).
func (m *Model) turnFocus(d paneID) {
	for range panes {
		if m.focus = (m.focus + d + panes) % panes; !m.absent(m.focus) {
			return
		}
	}
}
