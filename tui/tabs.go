package tui

import (
	"strconv"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// tab is the name of a pane in the strip that a small screen has.
type tab struct {
	id    paneID
	label string
}

// tabs are those of the panes that are not hidden, as brief as there is room.
func (m *Model) tabs() []tab {
	for _, most := range []int{m.w, 3, 2} {
		if all := m.tabsOf(most); tabsWidth(all) <= m.w || most == 2 {
			return all
		}
	}
	return nil
}

// tabsOf are the tabs with titles of at most so many cells, but for the focused pane's.
func (m *Model) tabsOf(most int) []tab {
	var all []tab
	for id := range panes {
		number, title := strconv.Itoa(int(id)+1)+" ", m.title(id)
		switch {
		case m.absent(id):
		case id == m.focus:
			all = append(all, tab{id, "[" + number + title + "]"})
		default:
			all = append(all, tab{id, number + ansi.Truncate(title, most, "")})
		}
	}
	return all
}

func tabsWidth(all []tab) int {
	n := 0
	for _, t := range all {
		n += 1 + ansi.StringWidth(t.label)
	}
	return n
}

// tabLine is the strip, w cells wide.
func tabLine(t *theme.Theme, all []tab, focus paneID, w int) string {
	line := ""
	for _, tab := range all {
		style := t.Dim
		if tab.id == focus {
			style = t.Title
		}
		line += " " + style.On(tab.label)
	}
	return format.Fit(line, w)
}

// tabAt is the pane whose tab stands at x, -1 when there is none.
func tabAt(all []tab, x int) paneID {
	at := 0
	for _, t := range all {
		if at += 1 + ansi.StringWidth(t.label); x < at {
			return t.id
		}
	}
	return -1
}
