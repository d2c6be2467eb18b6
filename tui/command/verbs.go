package command

import (
	"strings"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/dialog"
	"slbtui/tui/theme"
)

// onlyHere is what a verb does that the engine is not asked for.
const onlyHere = ""

// verbs are the commands of the command line, in the order in which they are listed.
func verbs() []Verb {
	harm := func(name, args, help string, values int, of func(value string) (fault.Fault, error)) Verb {
		return Verb{name, args, help, "fault", values + 2, serverIDs, func(s *box.Sight, a []string) (box.Act, error) {
			return readFault(s, name, a, values, of)
		}}
	}
	always := func(f fault.Fault) func(string) (fault.Fault, error) {
		return func(string) (fault.Fault, error) { return f, nil }
	}
	looks := func(name, args, help string, values []string) Verb {
		return Verb{name, args, help, onlyHere, 1, func(*box.Sight) []string { return values }, readPreference(name, values)}
	}
	return []Verb{
		harm("slow", "SERVER FACTOR [FOR]", "multiply its service times: slow s2 5x 20s", 1, dialog.ReadSlow),
		harm("errors", "SERVER SHARE [FOR]", "answer a share with 500: errors s1 20% 10s", 1, dialog.ReadErrors),
		harm("delay", "SERVER TIME [FOR]", "add to every answer: delay s1 100ms", 1, dialog.ReadDelay),
		harm("stall", "SERVER [FOR]", "accept requests and never answer", 0, always(fault.Fault{Stall: true})),
		harm("crash", "SERVER [FOR]", "close its listener and cut its connections", 0, always(fault.Fault{Crash: true})),
		{"heal", "[SERVER]", "clear the faults of a server, or of all", "heal", 1, serverIDs, readHeal},
		{"drain", "SERVER", "send it no new requests", "drain", 1, serverIDs, readDrain(live.DrainServer{Drain: true})},
		{"undrain", "SERVER", "send it requests again", "drain", 1, serverIDs, readDrain(live.DrainServer{})},
		{"policy", "NAME", "let a policy route: policy p2c", "policy", 1, policies(anyPolicy), readPolicy("policy", anyPolicy, func(name string) live.Command { return live.SetPolicy{Name: name} })},
		{"learner", "NAME", "choose which learner RL is", "learner", 1, policies(isLearner), readPolicy("learner", isLearner, func(name string) live.Command { return live.SetLearner{Name: name} })},
		{"shadow", "LEARNERS", "who learns while another routes: all, none, auto or names", "shadow", 1, nil, readShadow},
		{"toggle", "", "switch between round robin and RL", "toggle", 0, nil, plainly(Toggle)},
		{"eps", "VALUE", "exploration rate: eps 0.2", "param", 1, nil, readParam("epsilon")},
		{"alpha", "VALUE", "step size", "param", 1, nil, readParam("alpha")},
		{"gamma", "VALUE", "weight of what follows", "param", 1, nil, readParam("gamma")},
		{"reset", "", "make the learner forget its table (asks)", "reset", 0, nil, plainly(dialog.AskReset)},
		{"rate", "RPS", "requests offered per second: rate 800", "rate", 1, nil, readRate},
		{"pause", "", "pause, resume the load", "pause", 0, nil, plainly(PauseLoad)},
		{"whatif", "", "predict what each policy would do now", "whatif", 0, nil, plainly(dialog.AskWhatIf)},
		{"back", "", "predict what each would have made of the last minutes", "back", 0, nil, plainly(dialog.AskLookBack)},
		{"scenario", "[NAME|stop]", "play one on these servers: scenario slow5x", "scenario", 1, playable, readScenario},
		looks("theme", "NAME", "colours: "+strings.Join(theme.Names(), ", "), theme.Names()),
		looks("symbols", "NAME", "what charts are drawn with: "+strings.Join(theme.Symbols(), ", "), theme.Symbols()),
		looks("mouse", "on|off", "take the mouse, or leave it to the terminal", OnOff()),
		looks("motion", "on|off", "let the flow move, or hold it still", OnOff()),
		{"hide", "PANE", "take a pane off the screen: hide 5", onlyHere, 1, paneNames, readPane("hide")},
		{"show", "[PANE]", "bring a pane back, or all: show 5", onlyHere, 1, paneNames, readPane("show")},
		{"tour", "", "the first minutes, step by step; esc ends it", onlyHere, 0, nil, plainly(func(*box.Sight) box.Act { return box.Act{Keep: box.Preference{Name: "tour", Value: "on"}} })},
		{"balancer", "[NAME]", "show another of those that are attached", onlyHere, 1, balancers, readBalancer},
		{"freeze", "", "freeze the view, and back", onlyHere, 0, nil, plainly(doing(box.Freeze))},
		{"export", "", "write the run summary so far", "export", 0, nil, plainly(Export)},
		{"help", "", "all keys", onlyHere, 0, nil, plainly(doing(box.Help))},
		{"quit", "", "quit; the run summary is written", onlyHere, 0, nil, plainly(doing(box.Quit))},
	}
}

func isLearner(p live.PolicyInfo) bool { return p.Learner }

func anyPolicy(live.PolicyInfo) bool { return true }

func policies(wanted func(live.PolicyInfo) bool) func(*box.Sight) []string {
	return func(s *box.Sight) []string { return policyNames(s, wanted) }
}

// plainly reads a command without arguments.
func plainly(do func(*box.Sight) box.Act) func(*box.Sight, []string) (box.Act, error) {
	return func(s *box.Sight, _ []string) (box.Act, error) { return do(s), nil }
}

func doing(d box.Deed) func(*box.Sight) box.Act {
	return func(*box.Sight) box.Act { return box.Act{Do: d} }
}

// OnOff are the values of what can be switched.
func OnOff() []string { return []string{"on", "off"} }
