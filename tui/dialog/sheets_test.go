package dialog

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
)

// key makes the message of a key from its name.
func key(name string) tea.KeyPressMsg {
	codes := map[string]rune{"enter": tea.KeyEnter, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "backspace": tea.KeyBackspace}
	if code, ok := codes[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: rune(name[0]), Text: name}
}

// drawn is the inside of a box as text.
func drawn(b box.Box, s *box.Sight) string {
	_, lines := b.Draw(s, 80, 20)
	return ansi.Strip(strings.Join(lines, "\n"))
}

// next is a pane that goes to server2, and remembers what it is to show.
type next struct{ filter string }

func (*next) Title(*box.Sight) string                              { return "Next" }
func (*next) Draw(*box.Sight, int, int) (aside string, _ []string) { return "", nil }
func (*next) Press(*box.Sight, tea.KeyPressMsg) box.Act            { return box.Act{Select: "server2"} }
func (n *next) Filter() string                                     { return n.filter }
func (n *next) SetFilter(_ *box.Sight, text string) box.Act {
	n.filter = text
	return box.Act{Select: "server1"}
}

func TestServerSheetFollowsThePane(t *testing.T) {
	s := sight(canned.Snapshot(3))
	d := AskServer(s, &next{}).Open.(*Server)
	require.Equal(t, "server1", d.Title(s))
	require.Contains(t, drawn(d, s), "slow x5 for 20s")
	require.Equal(t, box.Act{Select: "server2"}, d.Press(s, key("j")))
	s.Server = "server2"
	require.Equal(t, "server2", d.Title(s))
	require.Contains(t, drawn(d, s), "127.0.0.1:8002")
	require.Equal(t, box.Act{Close: true}, d.Press(s, key("q")))
	s.Server = "server9"
	require.Equal(t, "this server is gone", drawn(d, s))
	require.Equal(t, box.Complain("no server is selected"), AskServer(s, &next{}))
}

func TestSearchFilters(t *testing.T) {
	s, pane := sight(canned.Snapshot(3)), &next{filter: "o"}
	d := AskFilter(pane).Open.(*Search)
	require.Equal(t, box.Act{Select: "server1"}, d.Press(s, key("k")), "the pane follows every key")
	d.Paste(s, "!")
	require.Equal(t, "ok!", pane.filter)
	require.Contains(t, ansi.Strip(d.Line(s, 80)), "/ok!   in Next   enter keep")
	require.Equal(t, box.Act{Close: true}, d.Press(s, key("enter")))
	require.Equal(t, "ok!", pane.filter)
	d.Cancel(s)
	require.Empty(t, pane.filter)
	require.Contains(t, AskFilter(nil).Say, "nothing to search here")
}

func TestHelpIsSearched(t *testing.T) {
	s := sight(canned.Snapshot(3))
	h := NewHelp(s, []Entry{{"Keys", ".", "epsilon up"}, {"Keys", "p", "choose any policy"}}, "Q-table")
	require.Contains(t, drawn(h, s), "choose any policy")
	for _, k := range []string{"/", "e", "p", "s", "i", "x", "backspace"} {
		require.Equal(t, box.Act{}, h.Press(s, key(k)))
	}
	require.Contains(t, drawn(h, s), "epsilon up")
	require.NotContains(t, drawn(h, s), "choose any policy")
	h.Press(s, key("enter"))
	require.Equal(t, box.Act{}, h.Press(s, key("j")))
	require.Equal(t, box.Act{Close: true}, h.Press(s, key("?")))
}

func TestWhatIfIsAskedOneAtATime(t *testing.T) {
	s := sight(canned.Snapshot(3))
	act := AskWhatIf(s)
	require.Equal(t, live.AskWhatIf{}, act.Command)
	d := act.Open.(*WhatIf)
	require.Equal(t, "What if", d.Title(s))
	require.Contains(t, drawn(d, s), "asking..")
	s.Latest = canned.Predicted("running") // while the view is frozen
	require.Equal(t, "What if: the next 60s", d.Title(s))
	require.Contains(t, drawn(d, s), "3 of 9 policies")
	require.Equal(t, box.Act{}, d.Press(s, key("w")))
	s.Latest = canned.Predicted("done")
	require.Contains(t, drawn(d, s), "MEAN*")
	d.Press(s, key("o"))
	require.Contains(t, drawn(d, s), "P99*")
	require.Equal(t, box.Act{Command: live.AskWhatIf{}}, d.Press(s, key("w")))
}

// The cursor stays on its policy, whatever is sorted by or comes in; enter lets it route.
func TestWhatIfIsActedOn(t *testing.T) {
	s := sight(canned.Predicted("running"))
	d := AskWhatIf(s).Open.(*WhatIf)
	require.True(t, d.Press(s, key("enter")).Bad, "not while rows come in")
	s.Latest = canned.Predicted("done")
	drawn(d, s)
	require.Equal(t, box.Act{Close: true, Command: live.SetPolicy{Name: "q_factored"}}, d.Press(s, key("enter")), "the best has it at first")
	d.Press(s, key("j"))
	require.Equal(t, live.SetPolicy{Name: "least_request"}, d.Press(s, key("enter")).Command)
	d.Press(s, key("o"))
	drawn(d, s)
	require.Equal(t, live.SetPolicy{Name: "least_request"}, d.Press(s, key("enter")).Command)
	d.Press(s, key("j"))
	require.Equal(t, box.Act{Say: "q_learning routes already"}, d.Press(s, key("enter")))
	for range 50 {
		d.Press(s, key("j"))
		drawn(d, s)
	}
	require.Equal(t, live.SetPolicy{Name: "prequal"}, d.Press(s, key("enter")).Command, "the reference can't be chosen")
	for range 50 {
		d.Press(s, key("k"))
		drawn(d, s)
	}
	require.Equal(t, live.SetPolicy{Name: "least_request"}, d.Press(s, key("enter")).Command)
	d.Press(s, key("G"))
	d.Press(s, key("g"))
	s.ReadOnly = true
	require.Equal(t, box.Act{Say: "read-only: letting least_request route would change the engine", Bad: true}, d.Press(s, key("enter")))
	require.NotContains(t, drawn(d, s), "let it route")
	require.Equal(t, box.Act{Close: true}, d.Press(s, key("q")))
}

// Either time is asked for from the other's dialog.
func TestLookingBackAndAhead(t *testing.T) {
	s := sight(canned.Snapshot(3))
	act := AskLookBack(s)
	require.Equal(t, live.AskLookBack{}, act.Command)
	d := act.Open.(*WhatIf)
	require.Equal(t, "Looking back", d.Title(s))
	require.True(t, d.Press(s, key("enter")).Bad)
	s.Latest = canned.LookedBack("done", "")
	require.Equal(t, "Looking back: the last 1m20s", d.Title(s))
	require.Contains(t, drawn(d, s), "as it really was")
	require.Equal(t, box.Act{Command: live.AskLookBack{}}, d.Press(s, key("W")))
	act = d.Press(s, key("w"))
	require.Equal(t, live.AskWhatIf{}, act.Command)
	require.Equal(t, &WhatIf{Time: Future}, act.Open)
	require.True(t, act.Close)
	s.Latest = canned.LookedBack("running", "")
	require.Equal(t, box.Act{}, d.Press(s, key("W")), "one at a time")
	s.Latest = canned.LookedBack("done", "C")
	require.Contains(t, drawn(d, s), "Nothing is predicted")
	require.NotContains(t, drawn(d, s), "POLICY")
	require.Contains(t, d.Press(s, key("enter")).Say, "nothing was predicted")
}
