package tui

import (
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/dialog"
)

// clock is the smallest pane: a line of text, a key of its own.
type clock struct{ presses, draws int }

func (c *clock) Title(*box.Sight) string { return "Clock" }

func (c *clock) Draw(*box.Sight, int, int) (string, []string) {
	c.draws++
	return "", []string{strings.Repeat("tick ", c.presses)}
}

func (c *clock) Press(_ *box.Sight, k tea.KeyPressMsg) box.Act {
	if k.String() == "c" {
		c.presses++
		return box.Act{Say: "ticked", Select: "server3"}
	}
	return box.Act{}
}

func (c *clock) Keys() []box.Key {
	return []box.Key{{Binding: key.NewBinding(key.WithKeys("c"), key.WithHelp("c", "tick")), Group: "View"}}
}

func TestAPaneIsDrawnOnlyAnewWhenItMayDiffer(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{})
	c := &clock{}
	m.panes[paneLearning] = c
	m.actions = paneKeys(actions(), m.panes[:])
	m.Update(press("1"))
	require.NotContains(t, plain(m), "tick")
	plain(m)
	require.Equal(t, 1, c.draws, "nothing has changed")
	m.Update(press("c"))
	require.Contains(t, plain(m), "tick", "its key works wherever the focus is")
	require.Contains(t, plain(m), "ticked")
	require.Equal(t, "server3", m.selected)
	require.Equal(t, 2, c.draws)
	m.Update(press("4"))
	m.Update(press("enter"))
	require.True(t, m.zoomed, "it makes nothing of enter")
	m.Update(press("?"))
	m.Update(press("/"))
	for _, k := range "tick" {
		m.Update(press(string(k)))
	}
	require.Contains(t, plain(m), "c             tick", "help knows it")
}

// note is the smallest dialog: what was pasted, in the footer's place.
type note struct {
	clock
	text string
}

func (n *note) Paste(_ *box.Sight, text string) box.Act {
	n.text = text
	return box.Act{}
}

func (n *note) Line(*box.Sight, int) string { return "note: " + n.text }

func (n *note) Cancel(*box.Sight) box.Act { return box.Act{Do: box.Freeze} }

func TestADialogMayBeALine(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{})
	m.open(&note{})
	m.Update(tea.PasteMsg{Content: "pasted"})
	require.Contains(t, plain(m), "note: pasted")
	m.Update(press("c"))
	require.Equal(t, "server3", m.selected)
	m.Update(press("esc"))
	require.Nil(t, m.top())
	require.True(t, m.frozen, "esc told it")
	m.Update(press("R"))
	require.Contains(t, plain(m), "Reset q_learning?")
	require.Nil(t, m.carryOut(box.Act{Close: true, Do: box.Help}))
	require.IsType(t, &dialog.Help{}, m.top())
	require.NotNil(t, m.carryOut(box.Act{Do: box.Quit}))
	m.carryOut(box.Act{Keep: box.Preference{Name: "theme", Value: "light"}})
	require.Equal(t, "light", m.theme.Name)
}
