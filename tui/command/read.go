package command

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// harmable finds a server into which faults can be injected.
func harmable(s *box.Sight, verb string, args []string) (string, error) {
	if len(args) == 0 {
		return "", fmt.Errorf("%s: which server?", verb)
	}
	id, err := serverNamed(s, args[0])
	if err != nil {
		return "", err
	}
	for i := range s.Snap.Servers {
		if v := &s.Snap.Servers[i]; v.ID == id && !v.Simulated {
			return "", errors.New(words.NotSimulated(id))
		}
	}
	return id, nil
}

func readFault(s *box.Sight, name string, args []string, values int, of func(string) (fault.Fault, error)) (box.Act, error) {
	id, err := harmable(s, name, args)
	if err != nil {
		return box.Act{}, err
	}
	if len(args) < 1+values {
		return box.Act{}, fmt.Errorf("%s: by how much?", name)
	}
	value, lasts := args[values], dialog.FaultLasts
	if len(args) > 1+values {
		lasts = args[1+values]
	}
	f, err := of(value)
	if err != nil {
		return box.Act{}, err
	}
	cmd, err := dialog.Inject(id, f, lasts)
	if err != nil {
		return box.Act{}, err
	}
	return box.Act{Command: cmd}, nil
}

func readHeal(s *box.Sight, args []string) (box.Act, error) {
	if len(args) == 0 {
		return box.Act{Command: live.ClearFaults{}}, nil
	}
	id, err := harmable(s, "heal", args)
	if err != nil {
		return box.Act{}, err
	}
	return box.Act{Command: live.ClearFaults{Server: id}}, nil
}

func readDrain(cmd live.DrainServer) func(*box.Sight, []string) (box.Act, error) {
	return func(s *box.Sight, args []string) (box.Act, error) {
		if len(args) == 0 {
			return box.Act{}, errors.New("which server?")
		}
		id, err := serverNamed(s, args[0])
		if err != nil {
			return box.Act{}, err
		}
		return box.Act{Command: live.DrainServer{Server: id, Drain: cmd.Drain}}, nil
	}
}

// readShadow reads who is to learn in shadow: the engine knows the names.
func readShadow(_ *box.Sight, args []string) (box.Act, error) {
	if len(args) == 0 {
		return box.Act{}, errors.New("shadow: which learners?")
	}
	return box.Act{Command: live.SetShadow{Learners: args[0]}}, nil
}

// readPolicy reads the name of one of the policies that are wanted.
func readPolicy(what string, wanted func(live.PolicyInfo) bool, cmd func(name string) live.Command) func(*box.Sight, []string) (box.Act, error) {
	return func(s *box.Sight, args []string) (box.Act, error) {
		if len(args) == 0 {
			return box.Act{}, errors.New(what + ": which one?")
		}
		name, err := OneOf(what, args[0], policyNames(s, wanted), strings.HasPrefix)
		return box.Act{Command: cmd(name)}, err
	}
}

func readParam(name string) func(*box.Sight, []string) (box.Act, error) {
	return func(s *box.Sight, args []string) (box.Act, error) {
		l, p, err := words.Param(s.Snap, name)
		if err != nil {
			return box.Act{}, err
		}
		if len(args) == 0 {
			return box.Act{}, fmt.Errorf("%s: which value?", name)
		}
		cmd, err := dialog.ReadParam(l, p, args[0])
		return box.Act{Command: cmd}, err
	}
}

func readRate(s *box.Sight, args []string) (box.Act, error) {
	if why := stiff(&s.Snap.Load); why != "" {
		return box.Act{}, errors.New(why)
	}
	if len(args) == 0 {
		return box.Act{}, errors.New("rate: how many requests per second?")
	}
	rate, err := format.ReadNumber("rate", args[0], 0, math.MaxFloat64)
	return box.Act{Command: live.SetRate{Rate: rate}}, err
}

// playable names the scenarios that this run can play, and stop while one is being played.
func playable(s *box.Sight) []string {
	var names []string
	for _, v := range s.Snap.Scenarios {
		if v.Refused == "" {
			names = append(names, v.Name)
		}
	}
	if s.Snap.Scenario != nil {
		names = append(names, "stop")
	}
	return names
}

func readScenario(s *box.Sight, args []string) (box.Act, error) {
	switch {
	case len(args) == 0:
		return dialog.AskScenario(s), nil
	case args[0] == "stop":
		if s.Snap.Scenario == nil {
			return box.Act{}, errors.New("no scenario is being played")
		}
		return box.Act{Command: live.StopScenario{}}, nil
	}
	for _, v := range s.Snap.Scenarios {
		if v.Name == args[0] && v.Refused != "" {
			return box.Act{}, errors.New(v.Refused)
		}
	}
	name, err := OneOf("scenario", args[0], playable(s), strings.HasPrefix)
	if err != nil {
		return box.Act{}, err
	}
	return box.Act{Command: live.PlayScenario{Name: name}}, nil
}

// balancers are those that the console is attached to.
func balancers(s *box.Sight) []string {
	var names []string
	if s.Latest.Link != nil {
		for _, m := range s.Latest.Link.Fleet {
			names = append(names, m.Name)
		}
	}
	return names
}

func readBalancer(s *box.Sight, args []string) (box.Act, error) {
	if len(args) == 0 || s.Latest.Link == nil {
		return dialog.AskBalancer(s), nil
	}
	name, err := OneOf("balancer", args[0], balancers(s), strings.Contains)
	return box.Act{Command: live.Watch{Balancer: name}}, err
}

// readPreference reads one of the values of a preference.
func readPreference(name string, values []string) func(*box.Sight, []string) (box.Act, error) {
	return func(_ *box.Sight, args []string) (box.Act, error) {
		if len(args) == 0 {
			return box.Act{}, errors.New(name + ": which one?")
		}
		value, err := OneOf(name, args[0], values, strings.HasPrefix)
		return box.Act{Keep: box.Preference{Name: name, Value: value}}, err
	}
}

func paneNames(*box.Sight) []string { return words.Panes() }

// readPane reads the number or the name of a pane; without one, all are meant that are hidden.
func readPane(verb string) func(*box.Sight, []string) (box.Act, error) {
	return func(_ *box.Sight, args []string) (box.Act, error) {
		if len(args) == 0 {
			if verb == "show" {
				return box.Act{Keep: box.Preference{Name: verb}}, nil
			}
			return box.Act{}, errors.New(verb + ": which pane?")
		}
		name, err := Pane(args[0])
		return box.Act{Keep: box.Preference{Name: verb, Value: name}}, err
	}
}

// Pane is the name of the pane that word names, is short for, or is the number of.
func Pane(word string) (string, error) {
	names := words.Panes()
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(names) {
		return names[n-1], nil
	}
	return OneOf("pane", word, names, strings.HasPrefix)
}
