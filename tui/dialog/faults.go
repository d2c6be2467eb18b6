package dialog

import (
	"errors"
	"fmt"
	"strings"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// FaultLasts is for how long a fault is injected where nobody says.
const FaultLasts = "20s"

// AskSlow asks by how much and for how long; enter takes x5 for 20 s.
func AskSlow(s *box.Sight) box.Act {
	v, no := Simulated(s)
	if v == nil {
		return no
	}
	return box.Act{Open: amount("Slow "+v.ID, v.ID, ReadSlow, field{"factor", "5", "service times are multiplied by it"})}
}

// AskFault asks which fault, then how much of it.
func AskFault(s *box.Sight) box.Act {
	v, no := Simulated(s)
	if v == nil {
		return no
	}
	id := v.ID
	return box.Act{Open: &List{Heading: "Inject into " + id, Items: []Item{
		{"errors", "some requests are answered with 500", box.Act{Open: amount("Errors from "+id, id, ReadErrors, field{"share", "20%", "of requests answered with 500"})}},
		{"stall", "accepts requests and never answers", box.Act{Open: duration("Stall "+id, id, fault.Fault{Stall: true})}},
		{"crash", "listener closed, connections cut; comes back", box.Act{Open: duration("Crash "+id, id, fault.Fault{Crash: true})}},
		{"delay", "every answer comes later", box.Act{Open: amount("Delay "+id, id, ReadDelay, field{"delay", "100ms", "added to every response"})}},
	}}}
}

// AskParam asks for an exact value of the learner's parameter of that name.
func AskParam(name string) func(*box.Sight) box.Act {
	return func(s *box.Sight) box.Act {
		l, p, err := words.Param(s.Snap, name)
		if err != nil {
			return box.Complain(err.Error())
		}
		read := func(v []string) (live.Command, error) { return ReadParam(l, p, v[0]) }
		return box.Act{Open: newForm(name+" of "+l.Name, read, field{name, format.Decimal(p.Value), format.Bound(p.Min) + "-" + format.Bound(p.Max)})}
	}
}

var durationField = field{"duration", FaultLasts, "such as 20s or 2m; 0 until cleared"}

// amount asks how much of a fault, and for how long.
func amount(heading, server string, read func(string) (fault.Fault, error), much field) *Form {
	return newForm(heading, func(v []string) (live.Command, error) {
		f, err := read(v[0])
		if err != nil {
			return nil, err
		}
		return Inject(server, f, v[1])
	}, much, durationField)
}

// duration asks for how long a fault is injected.
func duration(heading, server string, f fault.Fault) *Form {
	return newForm(heading, func(v []string) (live.Command, error) { return Inject(server, f, v[0]) }, durationField)
}

// ReadSlow reads what service times are multiplied by: "5", "5x" or "x5".
func ReadSlow(text string) (fault.Fault, error) {
	factor, err := format.ReadNumber("factor", strings.Trim(text, "x×"), 0.1, fault.MaxSlow)
	return fault.Fault{Slow: factor}, err
}

// ReadErrors reads the share of requests that are answered with 500: 20% or 0.2, as scenario files have it. A
// bare number is never a percentage.
func ReadErrors(text string) (fault.Fault, error) {
	if digits, percent := strings.CutSuffix(text, "%"); percent {
		share, err := format.ReadNumber("share", digits, 0, 100)
		return fault.Fault{ErrorRate: share / 100}, err
	}
	share, err := format.ReadNumber("share", text, 0, 1)
	if err != nil {
		err = fmt.Errorf("%w; write 20%% or 0.2", err)
	}
	return fault.Fault{ErrorRate: share}, err
}

// ReadDelay reads by how much every answer comes later.
func ReadDelay(text string) (fault.Fault, error) {
	d, err := format.ReadDuration("delay", text)
	if err == nil && d == 0 {
		err = errors.New("delay: must be above 0")
	}
	return fault.Fault{Delay: d}, err
}

// ReadParam reads a value for a parameter of a learner.
func ReadParam(l *live.Learner, p *live.Param, text string) (live.Command, error) {
	value, err := format.ReadNumber(p.Name, text, p.Min, p.Max)
	if err != nil {
		return nil, err
	}
	return live.SetParam{Learner: l.Name, Param: p.Name, Value: value}, nil
}

// Inject is the command for a fault that lasts as long as typed, 0 until it is cleared.
func Inject(server string, f fault.Fault, lasts string) (live.Command, error) {
	d, err := format.ReadDuration("duration", lasts)
	if err != nil {
		return nil, err
	}
	return live.SetFault{Server: server, Fault: f, For: d}, nil
}
