package tui

import (
	"context"
	"errors"
	"fmt"
	"math"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/orders"
	"slbtui/tui/words"
)

// order sends cmd, or queues it behind the one on its way.
func (m *Model) order(cmd live.Command) tea.Cmd {
	if err := m.refusal(changes(cmd), words.Command(cmd)); err != nil {
		return m.complain(err.Error())
	}
	return m.send(m.orders.Add(cmd))
}

// send has the engine answer a command; nil is none.
func (m *Model) send(cmd live.Command) tea.Cmd {
	if cmd == nil {
		return nil
	}
	e := m.engine
	return func() tea.Msg { return orders.Send(e, cmd) }
}

// acknowledge reports the answer and sends the next waiting command.
func (m *Model) acknowledge(a orders.Ack) tea.Cmd {
	switch {
	case errors.Is(a.Err, context.DeadlineExceeded):
		m.say(true, words.Command(a.Cmd)+": the engine did not answer within 2 s")
	case a.Err != nil:
		m.say(true, a.Err.Error())
	default:
		m.say(false, words.Done(m.snap, a.Cmd, a.Routes))
	}
	return m.send(m.orders.Answered(a, m.latest.Seq))
}

// nudge moves a parameter of the learner by one step, from where it will be once all pending
// commands are in force.
func nudge(s *box.Sight, param string, direction float64) box.Act {
	l := words.Learner(s.Snap)
	if l == nil {
		return box.Complain("there is no learner to tune")
	}
	for _, p := range l.Params {
		if p.Name != param {
			continue
		}
		value := s.Asked.Value(live.SetParam{Learner: l.Name, Param: param}, p.Value)
		next := math.Round((value+direction*p.Step)*1e6) / 1e6
		next = min(max(next, p.Min), p.Max)
		if next == value {
			return box.Complain(fmt.Sprintf("%s of %s stays within %s-%s", param, l.Name, format.Bound(p.Min), format.Bound(p.Max)))
		}
		return box.Act{Command: live.SetParam{Learner: l.Name, Param: param, Value: next}}
	}
	return box.Complain(fmt.Sprintf("%s has no %s", l.Name, param))
}

// changeRate moves the offered rate by about a tenth, to round numbers.
func changeRate(s *box.Sight, up bool) box.Act {
	if !s.Snap.Load.Enabled {
		return box.Complain("the load generator is off: traffic comes from elsewhere")
	}
	return box.Act{Command: live.SetRate{Rate: nextRate(s.Asked.Value(live.SetRate{}, s.Snap.Load.Rate), up)}}
}

// nextRate steps by 1 up to 10, by 10 up to 100, by 50 up to 1,000, then by 500.
func nextRate(rate float64, up bool) float64 {
	steps := []struct{ below, step float64 }{{10, 1}, {100, 10}, {1000, 50}, {math.Inf(1), 500}}
	for _, s := range steps {
		if up && rate < s.below {
			return (math.Floor(rate/s.step+1e-9) + 1) * s.step
		}
		if !up && rate <= s.below {
			return max(1, (math.Ceil(rate/s.step-1e-9)-1)*s.step)
		}
	}
	return rate
}

// simulated returns the selected server if faults can be injected into it.
func (m *Model) simulated() (*live.Server, tea.Cmd) {
	s := m.server()
	if s == nil {
		return nil, m.complain("no server is selected")
	}
	if !s.Simulated {
		return nil, m.complain(words.NotSimulated(s.ID))
	}
	return s, nil
}

// complain tells why a key did nothing.
func (m *Model) complain(text string) tea.Cmd {
	m.say(true, text)
	return nil
}
