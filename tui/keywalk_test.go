package tui

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/summary"
	"slbtui/tui/canned"
	"slbtui/tui/orders"
	"slbtui/tui/words"
)

// step is how the walk tries one key against a running engine.
type step struct {
	before string // keys that bring the console where this one matters, parted by blanks
	then   string // keys that answer its dialog
	// works tells whether the key did what help says; was is the console as it stood before the key.
	works func(w *walk, was past) bool
	last  bool // it leaves the keys after it nothing to show
}

// walk is a console on a real engine.
type walk struct {
	*Model
	t       *testing.T
	exports int
	quit    bool
	said    any // the last message of a command that was not the engine's answer
}

// past is what a step compares with.
type past struct {
	snap    *live.Snapshot
	screen  string
	focus   paneID
	row     int // first of the Q-table shown
	exports int
}

// press types keys, carries out what they ask, and shows what the engine says then.
func (w *walk) press(keys string) {
	for _, k := range strings.Fields(keys) {
		_, cmd := w.Update(press(k))
		for cmd != nil {
			msg := cmd()
			if _, ok := msg.(orders.Ack); !ok {
				w.said = msg
			}
			_, quits := msg.(tea.QuitMsg)
			w.quit = w.quit || quits
			_, cmd = w.Update(msg)
		}
		w.frame()
	}
}

func (w *walk) frame() {
	w.now = w.now.Add(time.Second)
	w.Update(frameMsg{at: w.now, snap: w.engine.Snapshot()})
	wellFormed(w.t, w.Model)
}

func (w *walk) past() past {
	return past{w.snap, plain(w.Model), w.focus, firstRow(w.Model), w.exports}
}

func (w *walk) shows(text string) bool { return strings.Contains(plain(w.Model), text) }

func (w *walk) server() *live.Server {
	s := w.sight()
	return s.Selected()
}

func (w *walk) fault() fault.Fault { return w.server().Fault }

func (w *walk) value(param string) float64 { return valueIn(w.snap, param) }

func valueIn(s *live.Snapshot, param string) float64 {
	for _, l := range s.Learners {
		for _, p := range l.Params {
			if l.Name == "q_learning" && p.Name == param {
				return p.Value
			}
		}
	}
	return -1
}

// walked has an entry for each key of the key map. A new key needs one here: what brings the console
// where the key matters, what answers its dialog, and what must be so afterwards.
func walked() map[string]step {
	focused := func(id paneID) step {
		return step{before: []string{"2", "1"}[min(id, 1)], works: func(w *walk, _ past) bool { return w.focus == id }}
	}
	moved := func(param string, d float64) step {
		return step{works: func(w *walk, was past) bool { return (w.value(param)-valueIn(was.snap, param))*d > 0 }}
	}
	rate := func(d float64) step {
		return step{works: func(w *walk, was past) bool { return (w.snap.Load.Rate-was.snap.Load.Rate)*d > 0 }}
	}
	scrolled := func(before string, d int) step {
		return step{before: "3 " + before, works: func(w *walk, was past) bool { return (firstRow(w.Model)-was.row)*d > 0 }}
	}
	selected := func(before, id string) step {
		return step{before: before, works: func(w *walk, _ past) bool { return w.selected == id && w.shows(">"+" "+id) }}
	}
	aside := func(before string) step {
		return step{before: "3 z " + before, works: func(w *walk, was past) bool { return w.shows("servers 2-") && plain(w.Model) != was.screen }}
	}
	window := func(now string) step { return step{works: func(w *walk, _ past) bool { return w.shows(now) }} }
	end := func(w *walk, _ past) bool { return w.quit }

	all := map[string]step{
		"?":      {works: func(w *walk, _ past) bool { return w.shows("Keys") && w.shows("command line, such as") }},
		":":      {then: "r a t e space 1 2 3 enter", works: func(w *walk, _ past) bool { return w.snap.Load.Rate == 123 }},
		"q":      {works: end},
		"ctrl+c": {works: end},
		"esc":    {before: "z", works: func(w *walk, was past) bool { return !w.zoomed && !w.quit && plain(w.Model) != was.screen }},
		"space":  {works: func(w *walk, was past) bool { return w.shows("FROZEN") && w.snap == was.snap }},
		"ctrl+z": {works: func(w *walk, _ past) bool {
			if w.said != (tea.SuspendMsg{}) || !w.snap.Load.Paused {
				return false
			}
			_, cmd := w.Update(tea.ResumeMsg{})
			w.Update(cmd())
			w.frame()
			return !w.snap.Load.Paused
		}},
		"ctrl+l": {works: func(w *walk, _ past) bool { return w.said == tea.ClearScreen() }},
		"x":      {works: func(w *walk, was past) bool { return w.exports == was.exports+1 && w.shows("summary") }},

		"t": {works: func(w *walk, was past) bool { return w.snap.Policy == "q_learning" && was.snap.Policy == "round_robin" }},
		"T": {then: "G enter", works: func(w *walk, was past) bool { return w.snap.RL != was.snap.RL && w.snap.Policy == was.snap.Policy }},
		"p": {then: "j enter", works: func(w *walk, was past) bool { return w.snap.Policy != was.snap.Policy }},

		",": moved("epsilon", -1), ".": moved("epsilon", 1),
		"<": moved("alpha", -1), ">": moved("alpha", 1),
		";": moved("gamma", -1), "'": moved("gamma", 1),
		"e": {then: "0 . 7 7 enter", works: func(w *walk, _ past) bool { return w.value("epsilon") == 0.77 }},
		"a": {then: "0 . 6 6 enter", works: func(w *walk, _ past) bool { return w.value("alpha") == 0.66 }},
		"R": {then: "y", last: true, works: func(w *walk, was past) bool {
			return words.Learner(w.snap).Table.Updates < was.snap.Learners[0].Table.Updates
		}},

		"s": {then: "7 tab 9 enter", works: func(w *walk, _ past) bool {
			return w.fault().Slow == 7 && w.server().FaultLeft > 0 && w.shows("slow x7")
		}},
		"S": {before: "s enter", works: func(w *walk, was past) bool { return was.snap.Servers[0].Fault.Slow == 5 && w.fault().Slow <= 1 }},
		"f": {then: "enter 4 0 % enter", works: func(w *walk, _ past) bool { return w.fault().ErrorRate == 0.4 && w.shows("errors 40%") }},
		"D": {works: func(w *walk, _ past) bool { return w.server().State == "DRAINING" && w.shows("DRAINING") }},
		"K": {then: "y", works: func(w *walk, _ past) bool { return w.fault().Crash && w.server().FaultLeft == 0 }},
		"+": rate(1), "=": rate(1), "-": rate(-1),
		"L": {works: func(w *walk, _ past) bool { return w.snap.Load.Paused && w.shows("PAUSED") }},

		"tab":       {before: "1", works: func(w *walk, _ past) bool { return w.focus == paneLatency }},
		"shift+tab": {before: "1", works: func(w *walk, _ past) bool { return w.focus == paneFlow }},
		"z":         {before: "3", works: func(w *walk, _ past) bool { return w.shows("3 Q-table") && !w.shows("1 Servers") }},
		"enter":     {before: "3", works: func(w *walk, _ past) bool { return w.shows("Why q_learning chose") }},
		"[":         window("30s"), "]": window("2m"),
		"/": {then: "s e r v e r 1 1 enter", works: func(w *walk, _ past) bool { return w.shows("server11") && !w.shows("server4 ") }},
		"w": {works: func(w *walk, _ past) bool { return w.snap.WhatIf != nil && w.shows("What if") && w.shows("POLICY") }},
		"W": {works: func(w *walk, _ past) bool { return w.snap.LookBack != nil && w.shows("Looking back") }},
		"b": {works: func(w *walk, _ past) bool { return w.shows("an engine of its own") }}, // that of another process: away_test.go
		"n": selected("/ r 1 enter", "server10"), "N": selected("/ r 1 enter", "server12"),
		"y": {before: "5", works: func(w *walk, _ past) bool { return w.said != nil && w.shows("Events copied") }},
		"v": {before: "3 z", works: func(w *walk, _ past) bool {
			table := w.shows("fast") && w.shows("slow")
			w.press("2 v")
			density := w.shows("latency as heat map")
			w.press("v")
			return table && density && w.shows("latency as histogram")
		}},
		"o": {before: "3 z", works: func(w *walk, _ past) bool { return w.shows("by value") }},

		"j": selected("1", "server2"), "down": selected("1", "server2"),
		"k": selected("1 j j", "server2"), "up": selected("1 j j", "server2"),
		"g": selected("1 j j", "server1"), "home": selected("1 j j", "server1"),
		"G": scrolled("", 1), "end": selected("1", "server12"),
		"ctrl+d": scrolled("", 1), "pgdown": scrolled("", 1), "ctrl+u": scrolled("G", -1), "pgup": scrolled("G", -1),
		"l": aside(""), "right": aside(""), "h": aside("l l"), "left": aside("l l"),
	}
	for id, number := range numbers() {
		all[number] = focused(paneID(id))
		if paneID(id) == paneFleet { // where there is one: fleet_test.go
			all[number] = step{works: func(w *walk, _ past) bool { return w.shows("has no replicas") }}
		}
	}
	return all
}

// Every key of the key map does, on a running engine, what help says of it.
func TestEveryKeyOnARunningEngine(t *testing.T) {
	exports := 0
	e := running(t, engine.Options{Seed: 1, Export: func(summary.Run) (string, error) { exports++; return "folder", nil }})
	steps, keys, late := walked(), []string{}, []string{}
	for _, a := range New(&canned.Engine{}, Options{}).actions {
		require.NotEmpty(t, a.Help().Desc)
		for _, k := range a.Keys() {
			s, ok := steps[k]
			require.True(t, ok, "the key %q (%s) has no entry in walked() of tui/keywalk_test.go: add what brings the console where it matters (before), what answers its dialog (then), and what must be so afterwards (works)", k, a.Help().Desc)
			if s.last {
				late = append(late, k)
			} else {
				keys = append(keys, k)
			}
		}
	}
	keys = append(keys, late...)
	require.ElementsMatch(t, slices.Collect(maps.Keys(steps)), keys, "the walk has entries for keys that are not in the key map, or a key has two meanings")

	require.Eventually(t, func() bool { return learned(e.Snapshot()) }, 30*time.Second, 10*time.Millisecond)
	for _, k := range keys {
		for _, cmd := range []live.Command{
			live.ClearFaults{}, live.DrainServer{Server: "server1"}, live.SetPaused{}, live.SetRate{Rate: 100}, live.SetPolicy{Name: "round_robin"}, live.SetLearner{Name: "q_learning"},
			live.SetParam{Learner: "q_learning", Param: "epsilon", Value: 0.5}, live.SetParam{Learner: "q_learning", Param: "alpha", Value: 0.5},
		} {
			require.NoError(t, e.Do(t.Context(), cmd))
		}
		s, w := steps[k], &walk{Model: console(e.Snapshot(), 80, 24, Options{}), t: t}
		w.engine = e
		w.press(s.before)
		w.exports, w.said = exports, nil
		was := w.past()
		w.press(k)
		w.press(s.then)
		w.exports = exports
		require.True(t, s.works(w, was), "%q does not do what help says; before:\n%s\nafter:\n%s", k, was.screen, plain(w.Model))
	}
}

// learned tells whether the table has more rows than a pane of the walk shows.
func learned(s *live.Snapshot) bool {
	return s != nil && len(s.Learners) > 0 && len(s.Learners[0].Table.Rows) > 10
}

// running is an engine with its own load, until the test ends. Its twelve servers answer in about the
// time that parts low from medium, so the table soon has many states.
func running(t *testing.T, o engine.Options) *engine.Engine {
	cfg := config.Default()
	cfg.LoadBalancer.Port, cfg.Traffic.RequestRate = 0, 100
	cfg.Health.Timeout = time.Minute // a busy machine takes no server out
	one := cfg.Servers[0]
	cfg.Servers = nil
	for i := range 12 {
		s := one
		s.ID, s.Port, s.BaseDelayMS = fmt.Sprintf("server%d", i+1), 0, 100
		cfg.Servers = append(cfg.Servers, s)
	}
	e, err := engine.New(cfg, o)
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
	})
	return e
}
