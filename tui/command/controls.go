package command

import (
	"fmt"
	"math"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// Direction is which way a control is moved.
type Direction int

// The directions.
const (
	Down Direction = -1
	Up   Direction = 1
)

// stiff says why rate and pause cannot be changed, "" where they can.
func stiff(l *live.Load) string {
	switch {
	case !l.Enabled:
		return "the load generator is off: traffic comes from elsewhere"
	case l.Recorded:
		return "the requests come from a recording, when they came: there is no rate to change, and no pause"
	}
	return ""
}

// Toggle switches between round robin and RL.
func Toggle(*box.Sight) box.Act { return box.Act{Command: live.ToggleRL{}} }

// Export writes the run summary so far.
func Export(*box.Sight) box.Act { return box.Act{Command: live.Export{}} }

// PauseLoad pauses or resumes the load.
func PauseLoad(s *box.Sight) box.Act {
	if why := stiff(&s.Snap.Load); why != "" {
		return box.Complain(why)
	}
	return box.Act{Command: live.SetPaused{Paused: !s.Latest.Load.Paused}}
}

// Heal clears the faults of the selected server.
func Heal(s *box.Sight) box.Act {
	v, no := dialog.Simulated(s)
	if v == nil {
		return no
	}
	return box.Act{Command: live.ClearFaults{Server: v.ID}}
}

// Drain keeps new requests from the selected server, or lets it have them again.
func Drain(s *box.Sight) box.Act {
	v := s.Selected()
	if v == nil {
		return box.Complain("no server is selected")
	}
	return box.Act{Command: live.DrainServer{Server: v.ID, Drain: v.State != "DRAINING"}}
}

// Nudge moves a parameter of the learner by one step, from where it will be once all pending
// commands are in force.
func Nudge(param string) func(*box.Sight, Direction) box.Act {
	return func(s *box.Sight, d Direction) box.Act { return nudge(s, param, d) }
}

func nudge(s *box.Sight, param string, d Direction) box.Act {
	l, p, err := words.Param(s.Snap, param)
	if err != nil {
		return box.Complain(err.Error())
	}
	value := s.Asked.Value(live.SetParam{Learner: l.Name, Param: param}, p.Value)
	next := math.Round((value+float64(d)*p.Step)*1e6) / 1e6
	next = min(max(next, p.Min), p.Max)
	if next == value {
		return box.Complain(fmt.Sprintf("%s of %s stays within %s-%s", param, l.Name, format.Bound(p.Min), format.Bound(p.Max)))
	}
	return box.Act{Command: live.SetParam{Learner: l.Name, Param: param, Value: next}}
}

// ChangeRate moves the offered rate by about a tenth, to round numbers. It asks before it goes beyond a guard.
func ChangeRate(s *box.Sight, d Direction) box.Act {
	if why := stiff(&s.Snap.Load); why != "" {
		return box.Complain(why)
	}
	rate := s.Asked.Value(live.SetRate{}, s.Snap.Load.Rate)
	next := nextRate(rate, d)
	if next == rate {
		return box.Complain(fmt.Sprintf("the rate stays within 1-%d requests/s", live.MaxRate))
	}
	change := live.SetRate{Rate: next}
	if guard := guardAbove(s.Snap.Load.Start, rate); next > guard {
		return dialog.AskRate(change, s.Snap.Load.Start)
	}
	return box.Act{Command: change}
}

// guardAbove is where a key that is held down stops and asks: at 10, 100, 1,000 times the rate that the run
// began with, whichever is the next at or above the rate of now.
func guardAbove(start, rate float64) float64 {
	guard := 10 * max(start, 1)
	for guard < rate {
		guard *= 10
	}
	return guard
}

// nextRate steps by 1 up to 10, by 10 up to 100, by 50 up to 1,000, then by 500, within 1-live.MaxRate.
func nextRate(rate float64, d Direction) float64 {
	steps := []struct{ below, step float64 }{{10, 1}, {100, 10}, {1000, 50}, {math.Inf(1), 500}}
	for _, s := range steps {
		if d == Up && rate < s.below {
			return min((math.Floor(rate/s.step+1e-9)+1)*s.step, max(rate, live.MaxRate))
		}
		if d == Down && rate <= s.below {
			return max(1, (math.Ceil(rate/s.step-1e-9)-1)*s.step)
		}
	}
	return rate
}
