package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
)

var goldenSizes = []struct{ w, h int }{{80, 24}, {120, 40}, {200, 60}, {60, 15}, {40, 10}}

// part is a piece of the screen and the keys that bring it there.
type part struct {
	name    string
	servers int
	policy  string
	keys    string
}

// parts are every pane by itself (zoomed, or, at 40x10, under the tabs), and every dialog.
var parts = []part{
	{"servers", 3, "", "1 z"},
	{"servers 12", 12, "", "1 z j j"},
	{"servers 100", 100, "", "1 z G"},
	{"latency", 3, "", "2 z"},
	{"latency heat map", 3, "", "2 z v"},
	{"latency histogram", 3, "", "2 z v v"},
	{"q-table", 3, "", "3 z"},
	{"q-table 12", 12, "", "3 z l G"},
	{"q-table 100", 100, "", "3 z j"},
	{"factored q-table", 3, "q_factored", "3 z"},
	{"factored q-table 100", 100, "q_factored", "3 z G"},
	{"heat map", 3, "", "3 z v"},
	{"heat map 100", 100, "", "3 z v"},
	{"factored heat map", 12, "q_factored", "3 z v"},
	{"policy map", 3, "q_factored", "3 z v v"},
	{"learning", 3, "", "4 z"},
	{"events", 3, "", "5 z"},
	{"flow", 3, "", "6 z"},
	{"flow 12", 12, "", "6 z j"},
	{"flow 100", 100, "", "6 z"},

	{"help", 3, "", "? j"},
	{"command line", 3, "", ":"},
	{"command line hints", 3, "", ": s l o w space s"},
	{"command line error", 3, "", ": r a t e space x enter"},
	{"filter", 12, "", "1 / 1 1"},
	{"server sheet", 3, "", "enter"},
	{"inspector", 3, "", "3 enter j"},
	{"factored inspector", 12, "q_factored", "3 enter"},
	{"slow", 3, "", "s 7 tab"},
	{"fault list", 3, "", "f j"},
	{"fault form", 3, "", "f 1"},
	{"exact value", 3, "", "e 7 enter"},
	{"learners", 3, "", "T"},
	{"policies", 3, "", "p j"},
	{"reset", 3, "", "R"},
	{"what if", 3, "", "w"},
	{"look back", 3, "", "W j"},
	{"stop", 3, "", "K"},
}

// The whole screen is in TestGolden; here each part stands by itself, so that a change of one
// is a change of its own files only.
func TestGoldenParts(t *testing.T) {
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) {
			var styled strings.Builder
			for _, size := range goldenSizes {
				m := console(p.snapshot(), size.w, size.h, Options{})
				for _, k := range strings.Fields(p.keys) {
					m.Update(press(k))
					if m.top() == nil {
						m.View() // how far it can scroll, a pane knows from what it has drawn
					}
				}
				wellFormed(t, m)
				fmt.Fprintf(&styled, "%dx%d\n%s\n\n", size.w, size.h, strings.Join(m.onTop(), "\n"))
			}
			t.Run("plain", func(t *testing.T) { golden.RequireEqual(t, ansi.Strip(styled.String())) })
			t.Run("styled", func(t *testing.T) { golden.RequireEqual(t, styled.String()) })
		})
	}
}

func (p *part) snapshot() *live.Snapshot {
	if p.name == "what if" {
		return canned.Predicted("done")
	}
	if p.name == "look back" {
		return canned.LookedBack("done", "B")
	}
	s := canned.Snapshot(p.servers)
	if p.policy != "" {
		s.Policy = p.policy
	}
	return s
}

// onTop is the dialog, or else the focused pane.
func (m *Model) onTop() []string {
	switch d := m.top().(type) {
	case nil:
		return m.focused()
	case box.Liner:
		s := m.sight()
		return append(m.focused(), d.Line(&s, m.w))
	default:
		return m.framed(d)
	}
}

func (m *Model) focused() []string {
	l := m.layout()
	return m.pane(m.focus, l.panes[m.focus])
}

// Three, twelve and a hundred servers in every layout.
func TestGoldenServers(t *testing.T) {
	for _, n := range []int{12, 100} {
		for _, size := range goldenSizes {
			t.Run(fmt.Sprintf("%d servers at %dx%d", n, size.w, size.h), func(t *testing.T) {
				m := console(canned.Snapshot(n), size.w, size.h, Options{})
				wellFormed(t, m)
				golden.RequireEqual(t, ansi.Strip(m.View().Content))
			})
		}
	}
}

// The screen on light ground, for the colour blind and in sixteen colours, in every layout: what is said is the same.
func TestGoldenLooks(t *testing.T) {
	for _, size := range []struct{ w, h int }{{80, 24}, {120, 40}, {200, 60}, {60, 15}} {
		text := plain(console(canned.Snapshot(12), size.w, size.h, Options{Tour: true}))
		for _, look := range []string{"light", "colourblind", "sixteen"} {
			t.Run(fmt.Sprintf("%s at %dx%d", look, size.w, size.h), func(t *testing.T) {
				o := Options{Tour: true}
				if look != "sixteen" {
					o.Theme = look
				}
				m := console(canned.Snapshot(12), size.w, size.h, o)
				if look == "sixteen" {
					m.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
				}
				if look != "sixteen" { // in which the areas of servers lie apart by how they are filled
					require.Equal(t, text, plain(m))
				}
				golden.RequireEqual(t, m.View().Content)
			})
		}
	}
}

// ailing is a run in which one server is slow, one out and one drained.
func ailing() *live.Snapshot {
	s := canned.Snapshot(6)
	s.Servers[2].State, s.Servers[2].Share = live.ServerEjected, 0
	s.Servers[4].State, s.Servers[4].Share, s.Servers[4].Fault = live.ServerDown, 0, fault.Fault{Crash: true}
	s.Servers[5].State, s.Servers[5].Share = live.ServerDraining, 0
	return s
}

// The flow with faults, in every layout and every look: alone, so that a change of it changes these files only.
func TestGoldenFlow(t *testing.T) {
	for _, size := range goldenSizes {
		for _, look := range []string{"dark", "light", "colourblind", "sixteen", "colourless", "ascii"} {
			t.Run(fmt.Sprintf("%s at %dx%d", look, size.w, size.h), func(t *testing.T) {
				var o Options
				switch look {
				case "light", "colourblind":
					o.Theme = look
				case "ascii":
					o.Symbols = look
				}
				m := console(ailing(), size.w, size.h, o)
				switch look {
				case "sixteen":
					m.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
				case "colourless":
					m.Update(tea.ColorProfileMsg{Profile: colorprofile.ASCII})
				}
				m.Update(press("6"))
				m.Update(press("z"))
				wellFormed(t, m)
				text := strings.Join(m.focused(), "\n")
				if look == "colourless" || look == "ascii" {
					text = ansi.Strip(text)
				}
				golden.RequireEqual(t, text)
			})
		}
	}
}
