package command

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/dialog"
	"slbtui/tui/theme"
)

func sight(snap *live.Snapshot) *box.Sight {
	return &box.Sight{Snap: snap, Latest: snap, Theme: theme.New(theme.Named("dark"), "ascii"), Server: "server1"}
}

func press(l *Line, s *box.Sight, name string) box.Act {
	code := map[string]rune{"enter": tea.KeyEnter, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "backspace": tea.KeyBackspace}[name]
	return l.Press(s, tea.KeyPressMsg{Code: code})
}

func TestCommandLine(t *testing.T) {
	hurt := func(server string, f fault.Fault, d time.Duration) live.Command {
		return live.SetFault{Server: server, Fault: f, For: d}
	}
	param := func(name string, v float64) live.Command {
		return live.SetParam{Learner: "q_learning", Param: name, Value: v}
	}
	for line, want := range map[string]live.Command{
		"slow s2 5x 20s":    hurt("server2", fault.Fault{Slow: 5}, 20*time.Second),
		"slow server1 8":    hurt("server1", fault.Fault{Slow: 8}, 20*time.Second),
		"slow serv1 x3 0":   hurt("server1", fault.Fault{Slow: 3}, 0),
		"errors s1 20% 10s": hurt("server1", fault.Fault{ErrorRate: 0.2}, 10*time.Second),
		"errors s1 0.2 10s": hurt("server1", fault.Fault{ErrorRate: 0.2}, 10*time.Second),
		"errors s1 1.0 10s": hurt("server1", fault.Fault{ErrorRate: 1}, 10*time.Second),
		"er s1 20% 1m":      hurt("server1", fault.Fault{ErrorRate: 0.2}, time.Minute),
		"delay s3 100ms":    hurt("server3", fault.Fault{Delay: 100 * time.Millisecond}, 20*time.Second),
		"stall s2 5":        hurt("server2", fault.Fault{Stall: true}, 5*time.Second),
		"crash s2":          hurt("server2", fault.Fault{Crash: true}, 20*time.Second),
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
		"rate 0":            live.SetRate{},
		": pause":           live.SetPaused{Paused: true},
		"  export ":         live.Export{},
	} {
		s := sight(canned.Snapshot(12))
		l := NewLine(&History{})
		l.Paste(s, line)
		require.Equal(t, box.Act{Close: true, Command: want}, press(l, s, "enter"), line)
	}
	for line, want := range map[string]box.Act{
		"quit": {Do: box.Quit}, "freeze": {Do: box.Freeze}, "help": {Do: box.Help},
		"theme li": {Keep: box.Preference{Name: "theme", Value: "light"}}, "mouse off": {Keep: box.Preference{Name: "mouse", Value: "off"}},
		"motion on": {Keep: box.Preference{Name: "motion", Value: "on"}}, "hide 5": {Keep: box.Preference{Name: "hide", Value: "events"}},
		"hide le": {Keep: box.Preference{Name: "hide", Value: "learning"}}, "show 6": {Keep: box.Preference{Name: "show", Value: "flow"}}, "show": {Keep: box.Preference{Name: "show"}},
	} {
		act, err := Interpret(sight(canned.Snapshot(3)), line)
		require.NoError(t, err)
		require.Equal(t, want, act, line)
	}
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
		"delay s1 0":        "delay: must be above 0",
		"hide":              "hide: which pane?",
		"hide 8":            `no pane "8"; there is servers, latency`,
		"hide l":            `pane "l" could be latency, learning`,
		"motion fast":       `no motion "fast"`,
	} {
		s, l := sight(canned.Snapshot(3)), NewLine(&History{})
		l.Paste(s, line)
		require.Equal(t, box.Act{}, press(l, s, "enter"), "%q stays open", line)
		require.Contains(t, strings.Join(strings.Fields(l.wrong), " "), want, line)
	}
}

func TestScenarioIsChosenAndStopped(t *testing.T) {
	act, err := Interpret(sight(canned.Snapshot(3)), "scenario")
	require.NoError(t, err)
	require.IsType(t, &dialog.List{}, act.Open)

	playing := canned.Snapshot(3)
	playing.Scenario = canned.Slow5x(23 * time.Second)
	act, err = Interpret(sight(playing), "scenario stop")
	require.NoError(t, err)
	require.Equal(t, box.Act{Command: live.StopScenario{}}, act)
}

func TestCommandLineCompletes(t *testing.T) {
	for typed, want := range map[string]string{
		"sl": "slow ", "slow ": "slow server", "slow s2": "slow server2 ", "e": "e", "po": "policy ", "policy le": "policy least_request ", "policy q": "policy q_", "rate ": "rate ", "scenario sl": "scenario slow5x ", "scenario u": "scenario u", "zz": "zz",
	} {
		s, l := sight(canned.Snapshot(3)), NewLine(&History{})
		l.Paste(s, typed)
		press(l, s, "tab")
		require.Equal(t, want, l.in.Value(), typed)
	}
}

func TestCommandLineRemembers(t *testing.T) {
	s, h := sight(canned.Snapshot(3)), &History{}
	for _, line := range []string{"eps 0.2", "rate 800", "rate 800"} {
		l := NewLine(h)
		l.Paste(s, line)
		press(l, s, "enter")
	}
	l := NewLine(h)
	for _, step := range []struct{ key, want string }{{"up", "rate 800"}, {"up", "eps 0.2"}, {"up", "eps 0.2"}, {"down", "rate 800"}, {"down", ""}} {
		press(l, s, step.key)
		require.Equal(t, step.want, l.in.Value())
	}
	require.Equal(t, box.Act{Close: true}, press(l, s, "backspace"))
	require.Equal(t, box.Act{Close: true}, press(l, s, "enter"), "nothing was typed")
}

// Read-only, what would change the engine is refused, and not offered.
func TestReadOnly(t *testing.T) {
	s := sight(canned.Snapshot(3))
	s.ReadOnly = true
	_, err := Interpret(s, "rate 800")
	require.EqualError(t, err, "read-only: rate would change the engine")
	require.Empty(t, complete(s, "sl"))
	require.Equal(t, []string{"freeze"}, complete(s, "f"))
	act, err := Interpret(s, "whatif")
	require.NoError(t, err)
	require.Equal(t, live.AskWhatIf{}, act.Command)
}

func TestControlsThatCannotMoveSayWhy(t *testing.T) {
	s := sight(canned.Snapshot(3))
	s.Snap.Learners[0].Params[0].Value = 1
	require.Equal(t, box.Complain("epsilon of q_learning stays within 0-1"), Nudge("epsilon")(s, Up))
	require.Equal(t, box.Complain("q_learning has no beta"), Nudge("beta")(s, Up))
	require.Equal(t, live.SetPaused{Paused: true}, PauseLoad(s).Command)
	s.Snap.Load.Enabled = false
	for _, act := range []box.Act{PauseLoad(s), ChangeRate(s, Up)} {
		require.Equal(t, box.Complain("the load generator is off: traffic comes from elsewhere"), act)
	}
	s.Server = ""
	for _, act := range []box.Act{Heal(s), Drain(s)} {
		require.Equal(t, box.Complain("no server is selected"), act)
	}
}

func TestDrainTwiceLetsInAgain(t *testing.T) {
	s := sight(canned.Snapshot(3))
	s.Snap.Servers[0].State = "DRAINING"
	require.Equal(t, live.DrainServer{Server: "server1"}, Drain(s).Command)
}

func TestNextRate(t *testing.T) {
	for _, test := range []struct{ rate, up, down float64 }{
		{1, 2, 1}, {10, 20, 9}, {50, 60, 40}, {55, 60, 50}, {100, 150, 90}, {1000, 1500, 950}, {0.5, 1, 1}, {99_900, 100_000, 99_500}, {100_000, 100_000, 99_500},
	} {
		require.Equal(t, test.up, nextRate(test.rate, Up), "%v up", test.rate)
		require.Equal(t, test.down, nextRate(test.rate, Down), "%v down", test.rate)
	}
}

func TestNamesInARowStandInFull(t *testing.T) {
	require.Equal(t, "server1  server2", row([]string{"server1", "server2"}, 16))
	require.Equal(t, "server1  and 2 more", row([]string{"server1", "server2", "server3"}, 20))
	require.Equal(t, "server1", row([]string{"server1"}, 3))
	require.Equal(t, "2 names begin so", row([]string{"server1", "server2"}, 15))
}

// The command line and the admin listener know the same commands: one table says what changes the engine.
func TestVerbsAreKindsOfCommands(t *testing.T) {
	used := map[string]bool{"stop_scenario": true} // scenario stop
	for _, v := range verbs() {
		if v.do == onlyHere {
			require.False(t, v.steers(), v.Name)
			continue
		}
		_, ok := live.KindNamed(v.do)
		require.True(t, ok, v.Name)
		used[v.do] = true
	}
	for _, k := range live.Kinds() {
		require.True(t, used[k.Do], "%s has no verb", k.Do)
	}
	for line, do := range map[string]string{
		"slow s2 5x": "fault", "heal": "heal", "undrain s2": "drain", "policy p2c": "policy", "learner q_f": "learner", "toggle": "toggle", "eps 0.2": "param",
		"rate 800": "rate", "pause": "pause", "whatif": "whatif", "scenario slow5x": "scenario", "export": "export",
	} {
		v, err := Find(strings.Fields(line)[0])
		require.NoError(t, err)
		act, err := Interpret(sight(canned.Snapshot(3)), line)
		require.NoError(t, err)
		kind, ok := live.KindOf(act.Command)
		require.True(t, ok, line)
		require.Equal(t, do, kind.Do)
		require.Equal(t, kind.Do, v.do, line)
	}
}
