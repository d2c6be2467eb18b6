package words

import (
	"context"
	"errors"
	"fmt"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

// Done says what a command brought about; routes is who routes after it, "" when unknown.
func Done(s *live.Snapshot, cmd live.Command, routes string) string {
	if _, ok := cmd.(live.ToggleRL); !ok || routes == "" {
		return Command(cmd)
	}
	if info := policyInfo(s, routes); info.Learner {
		return "RL routes now: " + routes
	}
	return "RR routes now: " + routes + " (t goes back to RL)"
}

// NotDone says why the engine did not carry out a command.
func NotDone(cmd live.Command, err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return Command(cmd) + ": the engine did not answer within 2 s"
	}
	return err.Error()
}

// Command puts a command into words.
func Command(cmd live.Command) string {
	switch c := cmd.(type) {
	case live.SetPolicy:
		return c.Name + " routes now"
	case live.ToggleRL:
		return "switched between RR and RL"
	case live.SetLearner:
		return "RL is now " + c.Name
	case live.SetShadow:
		return "in shadow: " + c.Learners
	case live.SetParam:
		return fmt.Sprintf("%s of %s set to %s", c.Param, c.Learner, format.Decimal(c.Value))
	case live.ResetLearner:
		return c.Name + " forgot its table"
	case live.SetRate:
		return "offering " + format.Rate(c.Rate) + " requests/s"
	case live.SetPaused:
		if c.Paused {
			return "load paused"
		}
		return "load resumed"
	case live.SetFault:
		return c.Server + ": " + Fault(c.Fault) + lasting(c.For)
	case live.ClearFaults:
		if c.Server == "" {
			return "all faults cleared"
		}
		return c.Server + ": faults cleared"
	case live.DrainServer:
		if c.Drain {
			return c.Server + " gets no new requests"
		}
		return c.Server + " gets requests again"
	case live.PlayScenario:
		return c.Name + " begins (:scenario stop ends it)"
	case live.StopScenario:
		return "scenario stopped; rate and faults are what they were"
	case live.AskWhatIf:
		return "predicting what each policy would do"
	case live.AskLookBack:
		return "looking back at what each policy would have done"
	case live.Watch:
		return "showing " + c.Balancer
	case live.Export:
		return "run summary written; an event names its folder"
	}
	return fmt.Sprintf("%T", cmd)
}

// NotSimulated says why a server suffers no faults.
func NotSimulated(id string) string {
	return id + " is not simulated: faults only work on simulated servers"
}
