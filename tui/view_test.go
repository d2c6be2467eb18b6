package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/tui/canned"
)

// console returns a model of the size w x h that shows snap.
func console(snap *live.Snapshot, w, h int, o Options) *Model {
	m := New(&canned.Engine{Snap: snap}, o)
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	m.Update(frameMsg{at: canned.Epoch, snap: snap})
	return m
}

// wellFormed checks that the frame is exactly w x h cells.
func wellFormed(t require.TestingT, m *Model) {
	content := m.View().Content
	if m.w <= 0 || m.h <= 0 {
		require.Empty(t, content)
		return
	}
	lines := strings.Split(content, "\n")
	require.Len(t, lines, m.h, "at %dx%d", m.w, m.h)
	for i, line := range lines {
		require.Equal(t, m.w, ansi.StringWidth(line), "line %d at %dx%d: %q", i, m.w, m.h, ansi.Strip(line))
	}
}

func TestGolden(t *testing.T) {
	sizes := []struct{ w, h int }{{80, 24}, {120, 40}, {200, 60}, {60, 15}, {60, 15}, {40, 10}, {30, 8}}
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size.w, size.h), func(t *testing.T) {
			m := console(canned.Snapshot(3), size.w, size.h, Options{})
			wellFormed(t, m)
			t.Run("plain", func(t *testing.T) { golden.RequireEqual(t, ansi.Strip(m.View().Content)) })
			t.Run("styled", func(t *testing.T) { golden.RequireEqual(t, m.View().Content) })
		})
	}
}

// alike is a snapshot in whose phases there was no fault.
func alike(s *live.Snapshot) *live.Snapshot {
	s.Events = slices.DeleteFunc(s.Events, func(e live.Event) bool { return e.Fault != nil })
	return s
}

func TestGoldenSituations(t *testing.T) {
	playing := canned.Snapshot(3)
	playing.Scenario = canned.Slow5x(23 * time.Second)
	pulses := canned.Snapshot(3)
	pulses.Scenario = &live.Scenario{Name: "pulses", Elapsed: 24 * time.Second, Duration: time.Minute, Steps: []live.ScenarioStep{
		{At: 10 * time.Second, For: 2 * time.Second, Server: "server1", What: "slow x20", State: "over"},
		{At: 30 * time.Second, For: 2 * time.Second, Server: "server1", What: "slow x20", State: "due"},
		{At: 50 * time.Second, For: 2 * time.Second, Server: "server1", What: "slow x20", State: "due"},
	}}
	calm := canned.Snapshot(3)
	calm.Scenario = &live.Scenario{Name: "steady60", Elapsed: 24 * time.Second, Duration: time.Minute}
	early, chance, busier := alike(canned.Snapshot(3)), alike(canned.Snapshot(3)), alike(canned.Snapshot(3))
	early.Versus = &metrics.Difference{From: 1, To: 2, Batches: 3}
	chance.Versus = &metrics.Difference{From: 1, To: 2, Batches: 5, MeanMS: -3, LowMS: -12.4, HighMS: 6.4}
	busier.Phases[1].Summary.Requests *= 4
	unlearned := canned.Snapshot(3)
	unlearned.Policy, unlearned.Phases = "round_robin", unlearned.Phases[:1]
	unlearned.Learners[0].Table.Rows, unlearned.Learners[0].Routing = nil, false
	frozen := func(m *Model) {
		m.Update(press("space"))
		later := canned.Snapshot(3)
		later.Seq, later.Load.Rate = 900, 999
		m.Update(frameMsg{at: canned.Epoch.Add(12 * time.Second), snap: later})
	}
	keys := func(names ...string) func(*Model) {
		return func(m *Model) {
			for _, k := range names {
				m.Update(press(k))
			}
		}
	}
	for _, test := range []struct {
		name string
		snap *live.Snapshot
		w, h int
		o    Options
		do   func(*Model)
	}{
		{"nothing yet", nil, 80, 24, Options{}, nil},
		{"just started", &live.Snapshot{Seq: 1, State: "running", Policy: "round_robin", RL: "q_learning"}, 120, 40, Options{}, nil},
		{"RL not yet", unlearned, 80, 24, Options{}, nil},
		{"12 servers", canned.Snapshot(12), 120, 40, Options{}, keys("j", "j")},
		{"100 servers", canned.Snapshot(100), 80, 24, Options{}, keys("G")},
		{"ascii", canned.Snapshot(3), 80, 24, Options{Symbols: "ascii"}, nil},
		{"block", canned.Snapshot(3), 120, 40, Options{Symbols: "block"}, nil},
		{"read only", canned.Snapshot(3), 80, 24, Options{ReadOnly: true}, nil},
		{"small read only", canned.Snapshot(3), 40, 10, Options{ReadOnly: true}, keys("t")},
		{"medium read only", canned.Snapshot(3), 120, 40, Options{ReadOnly: true}, keys("s")},
		{"wide read only", canned.Snapshot(3), 200, 60, Options{ReadOnly: true}, keys(":", "s", "l", "o", "w", "enter")},
		{"read-only help", canned.Snapshot(3), 80, 24, Options{ReadOnly: true}, keys("?")},
		{"frozen", canned.Snapshot(3), 80, 24, Options{}, frozen},
		{"pending", canned.Snapshot(3), 120, 40, Options{}, keys(".", ".", "+")},
		{"zoomed", canned.Snapshot(3), 80, 24, Options{}, keys("3", "z")},
		{"factored", canned.Snapshot(3), 120, 40, Options{}, nil},
		{"inspector", canned.Snapshot(3), 120, 40, Options{}, keys("3", "enter", "j")},
		{"factored inspector", canned.Snapshot(3), 80, 24, Options{}, keys("3", "enter")},
		{"small inspector", canned.Snapshot(12), 40, 10, Options{}, keys("3", "enter", "G")},
		{"command line", canned.Snapshot(3), 80, 24, Options{}, keys(":")},
		{"command line hints", canned.Snapshot(3), 80, 24, Options{}, keys(":", "s", "l", "o", "w", "space")},
		{"server details", canned.Snapshot(3), 120, 40, Options{}, keys("enter")},
		{"small server details", canned.Snapshot(3), 40, 10, Options{}, keys("enter")},
		{"zoomed latency", canned.Snapshot(3), 120, 40, Options{}, keys("2", "z")},
		{"heat map", canned.Snapshot(12), 120, 40, Options{}, keys("3", "v")},
		{"factored heat map", canned.Snapshot(3), 80, 24, Options{Symbols: "ascii"}, keys("3", "z", "v")},
		{"factored policy map", canned.Snapshot(3), 80, 24, Options{}, keys("3", "z", "v", "v")},
		{"sorted by recency", canned.Snapshot(3), 80, 24, Options{}, keys("3", "z", "o", "o")},
		{"filtered events", canned.Snapshot(3), 120, 40, Options{}, keys("5", "/", "s", "l", "o", "w")},
		{"filtered servers", canned.Snapshot(12), 80, 24, Options{}, keys("/", "S", "L", "O", "W", "enter", "n")},
		{"searched help", canned.Snapshot(3), 80, 24, Options{}, keys("?", "/", "s", "l", "o", "w")},
		{"help", canned.Snapshot(3), 80, 24, Options{}, keys("?")},
		{"slow dialog", canned.Snapshot(3), 80, 24, Options{}, keys("s")},
		{"policy dialog", canned.Snapshot(3), 80, 24, Options{}, keys("p", "j")},
		{"stop dialog", canned.Snapshot(3), 80, 24, Options{}, keys("K")},
		{"bad value", canned.Snapshot(3), 80, 24, Options{}, keys("e", "7", "enter")},
		{"scenario", playing, 80, 24, Options{}, nil},
		{"scenario medium", playing, 120, 40, Options{}, nil},
		{"scenario wide", playing, 200, 60, Options{}, nil},
		{"scenario small", playing, 40, 10, Options{}, nil},
		{"scenario of pulses", pulses, 120, 40, Options{}, nil},
		{"scenario ascii", pulses, 80, 24, Options{Symbols: "ascii"}, nil},
		{"scenario without faults", calm, 80, 24, Options{}, nil},
		{"replay", canned.Replayed(), 80, 24, Options{}, nil},
		{"replay medium", canned.Replayed(), 120, 40, Options{}, keys("+")},
		{"replay wide", canned.Replayed(), 200, 60, Options{}, nil},
		{"replay small", canned.Replayed(), 60, 15, Options{}, keys("L")},
		{"scenario dialog", playing, 80, 24, Options{}, func(m *Model) {
			m.Update(press(":"))
			m.Update(tea.PasteMsg{Content: "scenario"})
			m.Update(press("enter"))
		}},
		{"scenario hints", playing, 80, 24, Options{}, func(m *Model) {
			m.Update(press(":"))
			m.Update(tea.PasteMsg{Content: "scenario s"})
		}},
		{"too early to tell", early, 80, 24, Options{}, nil},
		{"load differs", busier, 80, 24, Options{}, nil},
		{"load differs medium", busier, 120, 40, Options{}, nil},
		{"perhaps chance", chance, 80, 24, Options{}, nil},
		{"perhaps chance medium", chance, 120, 40, Options{}, nil},
		{"tour", canned.Snapshot(3), 80, 24, Options{Tour: true}, nil},
		{"tour wide", canned.Snapshot(3), 200, 60, Options{Tour: true}, nil},
		{"tour small", canned.Snapshot(3), 60, 15, Options{Tour: true}, keys("2")},
		{"tour with a scenario", playing, 120, 40, Options{Tour: true}, nil},
		{"help of the Q-table", canned.Snapshot(3), 120, 40, Options{}, keys("3", "?")},
		{"help in columns", canned.Snapshot(3), 200, 60, Options{}, keys("2", "?")},
		{"latency heat map", canned.Snapshot(3), 80, 24, Options{Symbols: "ascii"}, keys("2", "v")},
		{"latency histogram", canned.Snapshot(3), 60, 15, Options{}, keys("2", "v", "v")},
		{"tab latency", canned.Snapshot(3), 40, 10, Options{}, keys("2")},
		{"tab learning", canned.Snapshot(3), 60, 20, Options{}, keys("4")},
	} {
		t.Run(test.name, func(t *testing.T) {
			if strings.HasPrefix(test.name, "factored") {
				test.snap.Policy = "q_factored"
			}
			m := console(test.snap, test.w, test.h, test.o)
			if test.do != nil {
				test.do(m)
			}
			wellFormed(t, m)
			golden.RequireEqual(t, ansi.Strip(m.View().Content))
		})
	}
}

// press makes the message of a key from its name.
func press(name string) tea.KeyPressMsg {
	codes := map[string]tea.Key{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab},
		"shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "space": {Code: tea.KeySpace, Text: " "},
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
		"home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown},
		"backspace": {Code: tea.KeyBackspace}, "delete": {Code: tea.KeyDelete}, "f5": {Code: tea.KeyF5},
	}
	if k, ok := codes[name]; ok {
		return tea.KeyPressMsg(k)
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// What fails stands out, and what is well does not.
func TestFailuresStandOut(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{})
	require.Contains(t, m.View().Content, m.theme.Warn.On("0.4%"))
	m.snap.Servers[0].Fault = fault.Fault{}
	m.retheme("dark") // draws anew
	require.Contains(t, m.View().Content, m.theme.Dim.On("none (s slows it, f injects others)"))
	m.snap.Servers[0].Failures, m.snap.Servers[0].Abandoned = 9, 7
	m.retheme("dark")
	require.Contains(t, plain(m), "9 failed (7 timed out)")
}
