package tui

import (
	"errors"
	"fmt"
	"math"
	"strings"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// verbs are the commands of the command line, in the order in which they are listed.
func verbs() []verb {
	fault := func(name, args, help string, values int, of func(value string) (live.Fault, error)) verb {
		return verb{name, args, help, values + 2, (*Model).serverIDs, func(m *Model, a []string) (deed, error) {
			return m.readFault(name, a, values, of)
		}}
	}
	return []verb{
		fault("slow", "SERVER FACTOR [FOR]", "multiply its service times: slow s2 5x 20s", 1, func(v string) (live.Fault, error) {
			factor, err := format.ReadNumber("factor", strings.Trim(v, "x×"), 0.1, 1000)
			return live.Fault{Slow: factor}, err
		}),
		fault("errors", "SERVER SHARE [FOR]", "answer a share with 500: errors s1 20% 10s", 1, func(v string) (live.Fault, error) {
			share, err := shareOf(v)
			return live.Fault{ErrorRate: share}, err
		}),
		fault("delay", "SERVER TIME [FOR]", "add to every answer: delay s1 100ms", 1, func(v string) (live.Fault, error) {
			d, err := format.ReadDuration("delay", v)
			return live.Fault{Delay: d}, err
		}),
		fault("stall", "SERVER [FOR]", "accept requests and never answer", 0, func(string) (live.Fault, error) { return live.Fault{Stall: true}, nil }),
		fault("crash", "SERVER [FOR]", "close its listener and cut its connections", 0, func(string) (live.Fault, error) { return live.Fault{Crash: true}, nil }),
		{"heal", "[SERVER]", "clear the faults of a server, or of all", 1, (*Model).serverIDs, readHeal},
		{"drain", "SERVER", "send it no new requests", 1, (*Model).serverIDs, readDrain(true)},
		{"undrain", "SERVER", "send it requests again", 1, (*Model).serverIDs, readDrain(false)},
		{"policy", "NAME", "let a policy route: policy p2c", 1, func(m *Model) []string {
			return m.policyNames(func(live.PolicyInfo) bool { return true })
		}, readPolicy},
		{"learner", "NAME", "choose which learner RL is", 1, func(m *Model) []string { return m.policyNames(isLearner) }, readLearner},
		{"toggle", "", "switch between round robin and RL", 0, nil, plainly(func(m *Model) tea.Cmd { return m.order(live.ToggleRL{}) })},
		{"eps", "VALUE", "exploration rate: eps 0.2", 1, nil, readParam("epsilon")},
		{"alpha", "VALUE", "step size", 1, nil, readParam("alpha")},
		{"gamma", "VALUE", "weight of what follows", 1, nil, readParam("gamma")},
		{"reset", "", "make the learner forget its table (asks)", 0, nil, plainly(act(dialog.AskReset))},
		{"rate", "RPS", "requests offered per second: rate 800", 1, nil, readRate},
		{"pause", "", "pause, resume the load", 0, nil, plainly((*Model).pauseLoad)},
		{"whatif", "", "predict what each policy would do now", 0, nil, plainly((*Model).askWhatIf)},
		{"scenario", "[NAME|stop]", "play one on these servers: scenario slow5x", 1, (*Model).playable, readScenario},
		{"theme", "NAME", "colours: " + strings.Join(theme.Names(), ", "), 1, func(*Model) []string { return theme.Names() }, picked("theme", theme.Names(), (*Model).paint)},
		{"symbols", "NAME", "what charts are drawn with: " + strings.Join(symbolNames, ", "), 1, func(*Model) []string { return symbolNames }, picked("symbols", symbolNames, (*Model).useSymbols)},
		{"mouse", "on|off", "take the mouse, or leave it to the terminal", 1, func(*Model) []string { return onOff }, picked("mouse", onOff, (*Model).useMouse)},
		{"freeze", "", "freeze the view, and back", 0, nil, plainly(func(m *Model) tea.Cmd { m.freeze(); return nil })},
		{"export", "", "write the run summary so far", 0, nil, plainly(func(m *Model) tea.Cmd { return m.order(live.Export{}) })},
		{"help", "", "all keys", 0, nil, plainly(func(m *Model) tea.Cmd { m.openOld(newHelp(m)); return nil })},
		{"quit", "", "quit; the run summary is written", 0, nil, plainly(func(*Model) tea.Cmd { return tea.Quit })},
	}
}

func isLearner(p live.PolicyInfo) bool { return p.Learner }

func plainly(do deed) func(*Model, []string) (deed, error) {
	return func(*Model, []string) (deed, error) { return do, nil }
}

func orderOf(cmd live.Command) deed { return func(m *Model) tea.Cmd { return m.order(cmd) } }

// harmable finds a server into which faults can be injected.
func (m *Model) harmable(verb string, args []string) (string, error) {
	if len(args) == 0 {
		return "", fmt.Errorf("%s: which server?", verb)
	}
	id, err := m.serverNamed(args[0])
	if err != nil {
		return "", err
	}
	for i := range m.snap.Servers {
		if s := &m.snap.Servers[i]; s.ID == id && !s.Simulated {
			return "", errors.New(words.NotSimulated(id))
		}
	}
	return id, nil
}

func (m *Model) readFault(name string, args []string, values int, of func(string) (live.Fault, error)) (deed, error) {
	id, err := m.harmable(name, args)
	if err != nil {
		return nil, err
	}
	if len(args) < 1+values {
		return nil, fmt.Errorf("%s: by how much?", name)
	}
	value, lasts := args[values], durationField.value
	if len(args) > 1+values {
		lasts = args[1+values]
	}
	f, err := of(value)
	if err != nil {
		return nil, err
	}
	cmd, err := inject(id, f, lasts)
	if err != nil {
		return nil, err
	}
	return orderOf(cmd), nil
}

func readHeal(m *Model, args []string) (deed, error) {
	if len(args) == 0 {
		return orderOf(live.ClearFaults{}), nil
	}
	id, err := m.harmable("heal", args)
	if err != nil {
		return nil, err
	}
	return orderOf(live.ClearFaults{Server: id}), nil
}

func readDrain(drain bool) func(*Model, []string) (deed, error) {
	return func(m *Model, args []string) (deed, error) {
		if len(args) == 0 {
			return nil, errors.New("which server?")
		}
		id, err := m.serverNamed(args[0])
		if err != nil {
			return nil, err
		}
		return orderOf(live.DrainServer{Server: id, Drain: drain}), nil
	}
}

func readPolicy(m *Model, args []string) (deed, error) {
	if len(args) == 0 {
		return nil, errors.New("policy: which one?")
	}
	name, err := oneOf("policy", args[0], m.policyNames(func(live.PolicyInfo) bool { return true }), strings.HasPrefix)
	if err != nil {
		return nil, err
	}
	return orderOf(live.SetPolicy{Name: name}), nil
}

func readLearner(m *Model, args []string) (deed, error) {
	if len(args) == 0 {
		return nil, errors.New("learner: which one?")
	}
	name, err := oneOf("learner", args[0], m.policyNames(isLearner), strings.HasPrefix)
	if err != nil {
		return nil, err
	}
	return orderOf(live.SetLearner{Name: name}), nil
}

func readParam(name string) func(*Model, []string) (deed, error) {
	return func(m *Model, args []string) (deed, error) {
		l := m.learner()
		if l == nil {
			return nil, errors.New("there is no learner to tune")
		}
		if len(args) == 0 {
			return nil, fmt.Errorf("%s: which value?", name)
		}
		for _, p := range l.Params {
			if p.Name == name {
				value, err := format.ReadNumber(name, args[0], p.Min, p.Max)
				return orderOf(live.SetParam{Learner: l.Name, Param: name, Value: value}), err
			}
		}
		return nil, fmt.Errorf("%s has no %s", l.Name, name)
	}
}

func readRate(m *Model, args []string) (deed, error) {
	if !m.snap.Load.Enabled {
		return nil, errors.New("the load generator is off: traffic comes from elsewhere")
	}
	if len(args) == 0 {
		return nil, errors.New("rate: how many requests per second?")
	}
	rate, err := format.ReadNumber("rate", args[0], 0, math.MaxFloat64)
	if err == nil && rate == 0 {
		err = errors.New("rate: must be above 0; pause stops the load")
	}
	return orderOf(live.SetRate{Rate: rate}), err
}

// shareOf reads 20% or 0.2, as scenario files do: a bare number is never a percentage.
func shareOf(v string) (float64, error) {
	if digits, percent := strings.CutSuffix(v, "%"); percent {
		share, err := format.ReadNumber("share", digits, 0, 100)
		return share / 100, err
	}
	share, err := format.ReadNumber("share", v, 0, 1)
	if err != nil {
		err = fmt.Errorf("%w; write 20%% or 0.2", err)
	}
	return share, err
}
