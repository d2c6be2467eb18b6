package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

// commanded types a line into the command line of m and presses enter.
func commanded(t *testing.T, m *Model, line string) (quit bool) {
	t.Helper()
	m.Update(press(":"))
	m.Update(tea.PasteMsg{Content: line})
	_, cmd := m.Update(press("enter"))
	wellFormed(t, m)
	return run(m, cmd)
}

func TestCommandLine(t *testing.T) {
	hurt := func(server string, f live.Fault, d time.Duration) live.Command {
		return live.SetFault{Server: server, Fault: f, For: d}
	}
	param := func(name string, v float64) live.Command {
		return live.SetParam{Learner: "q_learning", Param: name, Value: v}
	}
	for line, want := range map[string]live.Command{
		"slow s2 5x 20s":    hurt("server2", live.Fault{Slow: 5}, 20*time.Second),
		"slow server1 8":    hurt("server1", live.Fault{Slow: 8}, 20*time.Second),
		"slow serv1 x3 0":   hurt("server1", live.Fault{Slow: 3}, 0),
		"errors s1 0.2 10s": hurt("server1", live.Fault{ErrorRate: 0.2}, 10*time.Second),
		"errors s1 1.0 10s": hurt("server1", live.Fault{ErrorRate: 1}, 10*time.Second),
		"errors s1 20% 10s": hurt("server1", live.Fault{ErrorRate: 0.2}, 10*time.Second),
		"er s1 20% 1m":      hurt("server1", live.Fault{ErrorRate: 0.2}, time.Minute),
		"delay s3 100ms":    hurt("server3", live.Fault{Delay: 100 * time.Millisecond}, 20*time.Second),
		"stall s2 5":        hurt("server2", live.Fault{Stall: true}, 5*time.Second),
		"crash s2":          hurt("server2", live.Fault{Crash: true}, 20*time.Second),
		"heal":              live.ClearFaults{},
		"heal s2":           live.ClearFaults{Server: "server2"},
		"drain s2":          live.DrainServer{Server: "server2", Drain: true},
		"undrain s2":        live.DrainServer{Server: "server2"},
		"policy p2c":        live.SetPolicy{Name: "p2c"},
		"pol round":         live.SetPolicy{Name: "round_robin"},
		"learner q_f":       live.SetLearner{Name: "q_factored"},
		"toggle":            live.ToggleRL{},
		"eps 0.2":           param("epsilon", 0.2),
		"alpha .5":          param("alpha", 0.5),
		"gamma 0.5":         param("gamma", 0.5),
		"scenario slow5x":   live.PlayScenario{Name: "slow5x"},
		"sc slow":           live.PlayScenario{Name: "slow5x"},
		"rate 800":          live.SetRate{Rate: 800},
		": pause":           live.SetPaused{Paused: true},
		"  export ":         live.Export{},
	} {
		m := console(canned.Snapshot(12), 120, 40, Options{})
		require.False(t, commanded(t, m, line))
		require.Equal(t, []live.Command{want}, m.engine.(*canned.Engine).Orders(), line)
		require.Nil(t, m.dialog(), line)
	}
	require.True(t, commanded(t, console(canned.Snapshot(3), 80, 24, Options{}), "quit"))
}

func TestCommandLineErrors(t *testing.T) {
	for line, want := range map[string]string{
		"dance":             `no command "dance"`,
		"e 0.2":             `command "e" could be errors, eps, export`,
		"slow":              "which server?; usage: slow SERVER FACTOR [FOR]",
		"slow s9 5":         `no server "s9"; there is server1, server2, server3`,
		"slow s 5":          `server "s" could be server1, server2, server3`,
		"slow s1":           "slow: by how much?",
		"errors s1 20 10s":  `share: "20" is not a number within 0-1; write 20% or 0.2`,
		"slow s1 fast":      `factor: "fast" is not a number within 0.1-1000`,
		"slow s1 5 soon":    `duration: "soon" is not a time`,
		"slow s1 5 5s 6s":   `slow: "6s" is too much`,
		"eps 2":             `epsilon: "2" is not a number within 0-1`,
		"eps":               "epsilon: which value?",
		"rate":              "how many requests per second?",
		"rate 0":            "must be above 0",
		"policy q":          `policy "q" could be q_learning, q_factored`,
		"policy":            "which one?",
		"learner p2c":       `no learner "p2c"`,
		"learner":           "which one?",
		"drain":             "which server?",
		"heal s9":           `no server "s9"`,
		"scenario s":        `scenario "s" could be steady60, slow5x, stall`,
		"scenario unlike30": "unlike30 has servers of its own",
		"scenario stop":     "no scenario is being played",
		"delay s1 ever":     `delay: "ever" is not a time`,
	} {
		m := console(canned.Snapshot(3), 120, 40, Options{})
		commanded(t, m, line)
		require.Empty(t, m.engine.(*canned.Engine).Orders(), line)
		require.IsType(t, &commandLine{}, m.dialog(), "it stays open")
		text := strings.Join(strings.Fields(strings.ReplaceAll(m.dialog().(*commandLine).wrong, "\n", " ")), " ")
		require.Contains(t, text, want, line)
	}
}

func TestScenarioIsChosenAndStopped(t *testing.T) {
	m := console(canned.Snapshot(3), 80, 24, Options{})
	commanded(t, m, "scenario")
	m.Update(press("j"))
	_, cmd := m.Update(press("enter"))
	run(m, cmd)
	require.Equal(t, []live.Command{live.PlayScenario{Name: "slow5x"}}, m.engine.(*canned.Engine).Orders())
	require.Nil(t, m.dialog())

	playing := canned.Snapshot(3)
	playing.Scenario = canned.Slow5x(23 * time.Second)
	m = console(playing, 80, 24, Options{})
	commanded(t, m, "scenario stop")
	require.Equal(t, []live.Command{live.StopScenario{}}, m.engine.(*canned.Engine).Orders())
	require.Contains(t, m.footer(80), "scenario stopped")

	elsewhere := canned.Snapshot(3)
	elsewhere.Scenarios = []live.ScenarioInfo{{Name: "slow5x", Refused: "a scenario needs the built-in load"}}
	m = console(elsewhere, 80, 24, Options{})
	commanded(t, m, "scenario")
	require.Nil(t, m.dialog())
	require.Contains(t, m.footer(80), "a scenario needs the built-in load")
}

func TestCommandLineCompletes(t *testing.T) {
	for typed, want := range map[string]string{
		"sl": "slow ", "slow ": "slow server", "slow s2": "slow server2 ", "e": "e", "po": "policy ", "policy le": "policy least_request ", "policy q": "policy q_", "rate ": "rate ", "scenario sl": "scenario slow5x ", "scenario u": "scenario u", "zz": "zz",
	} {
		m := console(canned.Snapshot(3), 80, 24, Options{})
		m.Update(press(":"))
		m.Update(tea.PasteMsg{Content: typed})
		m.Update(press("tab"))
		require.Equal(t, want, m.dialog().(*commandLine).in.Value(), typed)
	}
}

func TestCommandLineRemembers(t *testing.T) {
	m := console(canned.Snapshot(3), 80, 24, Options{})
	commanded(t, m, "eps 0.2")
	commanded(t, m, "rate 800")
	m.Update(press(":"))
	value := func() string { return m.dialog().(*commandLine).in.Value() }
	for _, step := range []struct{ key, want string }{{"up", "rate 800"}, {"up", "eps 0.2"}, {"up", "eps 0.2"}, {"down", "rate 800"}, {"down", ""}} {
		m.Update(press(step.key))
		require.Equal(t, step.want, value())
	}
	m.Update(press("backspace"))
	require.Nil(t, m.dialog())
}
