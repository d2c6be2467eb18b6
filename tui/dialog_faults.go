package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

var durationField = field{"duration", "20s", "such as 20s or 2m; 0 until cleared"}

// askSlow asks by how much and for how long; enter takes x5 for 20 s.
func (m *Model) askSlow() tea.Cmd {
	s, no := m.simulated()
	if s == nil {
		return no
	}
	id := s.ID
	m.openOld(newForm("Slow "+id, func(v []string) (live.Command, error) {
		factor, err := format.ReadNumber("factor", strings.TrimLeft(v[0], "x×"), 0.1, 1000)
		if err != nil {
			return nil, err
		}
		return inject(id, live.Fault{Slow: factor}, v[1])
	}, field{"factor", "5", "service times are multiplied by it"}, durationField))
	return nil
}

// askFault asks which fault, then how much of it.
func (m *Model) askFault() tea.Cmd {
	s, no := m.simulated()
	if s == nil {
		return no
	}
	id := s.ID
	next := []func() *form{
		func() *form {
			return newForm("Errors from "+id, func(v []string) (live.Command, error) {
				share, err := format.ReadNumber("share", strings.TrimSuffix(v[0], "%"), 0, 100)
				if err != nil {
					return nil, err
				}
				return inject(id, live.Fault{ErrorRate: share / 100}, v[1])
			}, field{"share", "20%", "of requests answered with 500"}, durationField)
		},
		func() *form {
			return newForm("Stall "+id, func(v []string) (live.Command, error) {
				return inject(id, live.Fault{Stall: true}, v[0])
			}, durationField)
		},
		func() *form {
			return newForm("Crash "+id, func(v []string) (live.Command, error) {
				return inject(id, live.Fault{Crash: true}, v[0])
			}, durationField)
		},
		func() *form {
			return newForm("Delay "+id, func(v []string) (live.Command, error) {
				d, err := format.ReadDuration("delay", v[0])
				if err == nil && d == 0 {
					err = fmt.Errorf("delay: must be above 0")
				}
				if err != nil {
					return nil, err
				}
				return inject(id, live.Fault{Delay: d}, v[1])
			}, field{"delay", "100ms", "added to every response"}, durationField)
		},
	}
	m.openOld(&list{heading: "Inject into " + id, items: []item{
		{"errors", "some requests are answered with 500"},
		{"stall", "accepts requests and never answers"},
		{"crash", "listener closed, connections cut; comes back"},
		{"delay", "every answer comes later"},
	}, chosen: func(i int) answer { return answer{close: true, next: next[i]()} }})
	return nil
}

// heal clears the faults of the selected server.
func (m *Model) heal() tea.Cmd {
	s, no := m.simulated()
	if s == nil {
		return no
	}
	return m.order(live.ClearFaults{Server: s.ID})
}

// drain keeps new requests from the selected server, or lets it have them again.
func (m *Model) drain() tea.Cmd {
	s := m.server()
	if s == nil {
		return m.complain("no server is selected")
	}
	return m.order(live.DrainServer{Server: s.ID, Drain: s.State != "DRAINING"})
}

func (m *Model) pauseLoad() tea.Cmd {
	if !m.snap.Load.Enabled {
		return m.complain("the load generator is off: traffic comes from elsewhere")
	}
	return m.order(live.SetPaused{Paused: !m.latest.Load.Paused})
}

// askParam asks for an exact value of a parameter.
func (m *Model) askParam(name string) tea.Cmd {
	l := m.learner()
	if l == nil {
		return m.complain("there is no learner to tune")
	}
	for _, p := range l.Params {
		if p.Name != name {
			continue
		}
		learner, low, high := l.Name, p.Min, p.Max
		m.openOld(newForm(name+" of "+learner, func(v []string) (live.Command, error) {
			value, err := format.ReadNumber(name, v[0], low, high)
			if err != nil {
				return nil, err
			}
			return live.SetParam{Learner: learner, Param: name, Value: value}, nil
		}, field{name, format.Decimal(p.Value), format.Bound(low) + "-" + format.Bound(high)}))
		return nil
	}
	return m.complain(l.Name + " has no " + name)
}

func inject(server string, f live.Fault, lasts string) (live.Command, error) {
	d, err := format.ReadDuration("duration", lasts)
	if err != nil {
		return nil, err
	}
	return live.SetFault{Server: server, Fault: f, For: d}, nil
}
