package tui

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/canned"
)

// run carries out a tea.Cmd and all that follows from it, but for quitting.
func run(m *Model, cmd tea.Cmd) (quit bool) {
	for cmd != nil {
		msg := cmd()
		if _, ok := msg.(tea.QuitMsg); ok {
			return true
		}
		_, cmd = m.Update(msg)
	}
	return false
}

// commanded types a line into the command line of m and presses enter.
func commanded(t *testing.T, m *Model, line string) (quit bool) {
	t.Helper()
	m.Update(press(":"))
	m.Update(tea.PasteMsg{Content: line})
	_, cmd := m.Update(press("enter"))
	wellFormed(t, m)
	return run(m, cmd)
}

// typed sends keys and returns what reached the engine.
func typed(t *testing.T, snap *live.Snapshot, keys ...string) (*Model, []live.Command) {
	t.Helper()
	m := console(snap, 120, 40, Options{})
	for _, k := range keys {
		_, cmd := m.Update(press(k))
		require.False(t, run(m, cmd), "%q quits", k)
	}
	return m, m.engine.(*canned.Engine).Orders()
}

func TestKeysBecomeCommands(t *testing.T) {
	param := func(name string, v float64) live.Command {
		return live.SetParam{Learner: "q_learning", Param: name, Value: v}
	}
	slow := func(server string, factor float64, d time.Duration) live.Command {
		return live.SetFault{Server: server, Fault: fault.Fault{Slow: factor}, For: d}
	}
	hurt := func(f fault.Fault, d time.Duration) live.Command {
		return live.SetFault{Server: "server1", Fault: f, For: d}
	}
	for _, test := range []struct {
		keys []string
		want []live.Command
	}{
		{[]string{"t"}, []live.Command{live.ToggleRL{}}},
		{[]string{"T", "j", "enter"}, []live.Command{live.SetLearner{Name: "q_factored"}}},
		{[]string{"p", "g", "j", "enter"}, []live.Command{live.SetPolicy{Name: "least_request"}}},
		{[]string{"p", "3"}, []live.Command{live.SetPolicy{Name: "p2c"}}},
		{[]string{"p", "esc"}, nil},
		{[]string{","}, []live.Command{param("epsilon", 0.05)}},
		{[]string{"."}, []live.Command{param("epsilon", 0.15)}},
		{[]string{".", ".", ","}, []live.Command{param("epsilon", 0.15), param("epsilon", 0.2), param("epsilon", 0.15)}},
		{[]string{"<"}, []live.Command{param("alpha", 0.15)}},
		{[]string{">"}, []live.Command{param("alpha", 0.25)}},
		{[]string{";"}, []live.Command{param("gamma", 0.85)}},
		{[]string{"'"}, []live.Command{param("gamma", 0.95)}},
		{[]string{"'", "'", "'"}, []live.Command{param("gamma", 0.95), param("gamma", 0.99)}},
		{[]string{"e", "0", ".", "3", "enter"}, []live.Command{param("epsilon", 0.3)}},
		{[]string{"a", ".", "5", "enter"}, []live.Command{param("alpha", 0.5)}},
		{[]string{"e", "9", "enter", "esc"}, nil},
		{[]string{"s", "enter"}, []live.Command{slow("server1", 5, 20*time.Second)}},
		{[]string{"j", "s", "8", "tab", "1", "m", "enter"}, []live.Command{slow("server2", 8, time.Minute)}},
		{[]string{"s", "tab", "0", "enter"}, []live.Command{slow("server1", 5, 0)}},
		{[]string{"S"}, []live.Command{live.ClearFaults{Server: "server1"}}},
		{[]string{"f", "enter", "enter"}, []live.Command{hurt(fault.Fault{ErrorRate: 0.2}, 20*time.Second)}},
		{[]string{"f", "2", "enter"}, []live.Command{hurt(fault.Fault{Stall: true}, 20*time.Second)}},
		{[]string{"f", "3", "5", "enter"}, []live.Command{hurt(fault.Fault{Crash: true}, 5*time.Second)}},
		{[]string{"f", "4", "enter"}, []live.Command{hurt(fault.Fault{Delay: 100 * time.Millisecond}, 20*time.Second)}},
		{[]string{"K", "y"}, []live.Command{hurt(fault.Fault{Crash: true}, 0)}},
		{[]string{"K", "n"}, nil},
		{[]string{"D"}, []live.Command{live.DrainServer{Server: "server1", Drain: true}}},
		{[]string{"R", "y"}, []live.Command{live.ResetLearner{Name: "q_learning"}}},
		{[]string{"R", "esc"}, nil},
		{[]string{"+"}, []live.Command{live.SetRate{Rate: 60}}},
		{[]string{"-"}, []live.Command{live.SetRate{Rate: 40}}},
		{[]string{"L"}, []live.Command{live.SetPaused{Paused: true}}},
		{[]string{"x"}, []live.Command{live.Export{}}},
	} {
		_, got := typed(t, canned.Snapshot(3), test.keys...)
		require.Equal(t, test.want, got, "%q", test.keys)
	}
}

func TestFooterShowsKeysOfTheMap(t *testing.T) {
	m := New(&canned.Engine{}, Options{})
	for id := range m.hints {
		require.Equal(t, always, m.hints[id][:len(always)])
		for _, h := range slices.Concat(ownHints[id], others) {
			require.True(t, slices.ContainsFunc(m.hints[id], func(shown hint) bool { return shown.key == h.key }), "%s is not in the key map", h.key)
		}
	}
	require.Contains(t, m.hints[paneQTable], hint{"v", "table"})
	require.Contains(t, m.hints[paneLatency], hint{"v", "view"})
}

func TestEscNeverQuits(t *testing.T) {
	m, _ := typed(t, canned.Snapshot(3), "z", "?", "esc")
	require.True(t, m.zoomed)
	m, _ = typed(t, canned.Snapshot(3), "z", "?", "esc", "esc", "esc", "esc")
	require.False(t, m.zoomed)
}

func TestCommandsKeepTheirOrderAndSlidersSkip(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{})
	_, first := m.Update(press("t"))
	for _, k := range []string{".", ".", ".", "t"} {
		_, cmd := m.Update(press(k))
		require.Nil(t, cmd, "only one command is on its way")
	}
	run(m, first)
	require.Equal(t, []live.Command{
		live.ToggleRL{}, live.SetParam{Learner: "q_learning", Param: "epsilon", Value: 0.25}, live.ToggleRL{},
	}, m.engine.(*canned.Engine).Orders())
}

func TestPendingUntilASnapshotShowsIt(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{})
	_, cmd := m.Update(press("."))
	require.Contains(t, plain(m), "0.10→0.15…")
	run(m, cmd)
	require.Contains(t, plain(m), "0.10→0.15…", "acknowledged, but not in the snapshot yet")
	later := canned.Snapshot(3)
	later.Seq++
	later.Learners[0].Params[0].Value = 0.149 // it decays
	m.Update(frameMsg{at: canned.Epoch, snap: later})
	require.NotContains(t, plain(m), "→0.15…")
	require.Contains(t, plain(m), "epsilon of q_learning set to 0.15")
}

func TestToggleSaysWhoRoutesNow(t *testing.T) {
	for policy, want := range map[string]string{"q_learning": "RL routes now: q_learning", "round_robin": "RR routes now: round_robin"} {
		m := console(canned.Snapshot(3), 120, 40, Options{})
		after := canned.Snapshot(3)
		after.Policy = policy
		m.engine.(*canned.Engine).Snap = after
		_, cmd := m.Update(press("t"))
		run(m, cmd)
		require.Contains(t, plain(m), want)
	}
}

func TestErrorsAreTold(t *testing.T) {
	for err, want := range map[error]string{
		errors.New("rate: 60 is above the limit"): "rate: 60 is above the limit",
		context.DeadlineExceeded:                  "the engine did not answer within 2 s",
	} {
		m := console(canned.Snapshot(3), 120, 40, Options{})
		m.engine.(*canned.Engine).Err = err
		_, cmd := m.Update(press("+"))
		run(m, cmd)
		require.Contains(t, plain(m), want)
		require.NotContains(t, plain(m), "50→60")
		m.Update(frameMsg{at: canned.Epoch.Add(toastFor), snap: nil})
		require.NotContains(t, plain(m), want, "it goes away")
	}
}

func TestKeysThatCannotWorkSayWhy(t *testing.T) {
	elsewhere := canned.Snapshot(3)
	elsewhere.Load.Enabled = false
	elsewhere.Learners = nil
	for i := range elsewhere.Servers {
		elsewhere.Servers[i].Simulated, elsewhere.Servers[i].Fault = false, fault.Fault{}
	}
	for k, want := range map[string]string{
		"s": "not simulated", "S": "not simulated", "f": "not simulated", "K": "not simulated",
		"+": "load generator is off", "L": "load generator is off", ".": "no learner", "e": "no learner", "R": "no learner",
	} {
		m, got := typed(t, elsewhere, k)
		require.Empty(t, got, k)
		require.Contains(t, plain(m), want, k)
	}
	m, _ := typed(t, elsewhere, "1")
	for _, hint := range []string{"s slow", "S heal", "f fault", "s slows", "+ - rate", "L pause"} {
		require.NotContains(t, plain(m), hint)
	}
	require.Contains(t, plain(m), "for simulated servers only")
}

func TestFrozenViewKeepsStill(t *testing.T) {
	m, _ := typed(t, canned.Snapshot(3), "space")
	later := canned.Snapshot(3)
	later.Seq, later.Load.Rate = 900, 777
	m.Update(frameMsg{at: canned.Epoch.Add(12 * time.Second), snap: later})
	require.NotContains(t, plain(m), "777")
	require.Contains(t, plain(m), "FROZEN 12s · engine running")
	m.Update(press("space"))
	require.Contains(t, plain(m), "777")
}

func TestSelectionFollowsTheServer(t *testing.T) {
	m, _ := typed(t, canned.Snapshot(3), "j")
	turned := canned.Snapshot(3)
	turned.Seq++
	turned.Servers[0], turned.Servers[1] = turned.Servers[1], turned.Servers[0]
	m.Update(frameMsg{at: canned.Epoch, snap: turned})
	_, cmd := m.Update(press("S"))
	run(m, cmd)
	require.Equal(t, []live.Command{live.ClearFaults{Server: "server2"}}, m.engine.(*canned.Engine).Orders())
}

// What is typed reaches the engine, and what it answers is said.
func TestCommandLineOrders(t *testing.T) {
	m := console(canned.Snapshot(3), 80, 24, Options{})
	require.False(t, commanded(t, m, "scenario"))
	m.Update(press("j"))
	_, cmd := m.Update(press("enter"))
	run(m, cmd)
	require.Nil(t, m.top())
	require.Contains(t, plain(m), "slow5x begins")
	require.False(t, commanded(t, m, ": rate 800"))
	require.Equal(t, []live.Command{live.PlayScenario{Name: "slow5x"}, live.SetRate{Rate: 800}}, m.engine.(*canned.Engine).Orders())

	commanded(t, m, "dance")
	require.Contains(t, plain(m), `no command "dance"`, "it stays open")
	m.Update(press("esc"))
	m.Update(press(":"))
	m.Update(press("up"))
	require.Contains(t, plain(m), ":rate 800", "it remembers")
	m.Update(press("esc"))
	require.True(t, commanded(t, m, "quit"))
}
