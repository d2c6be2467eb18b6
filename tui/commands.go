package tui

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

const commandTimeout = 2 * time.Second

// ackMsg is the engine's answer to a command.
type ackMsg struct {
	cmd    live.Command
	err    error
	routes string // who routes after it
}

// queue sends one command at a time, so that two quick presses reach the engine in their order.
type queue struct {
	waiting []live.Command
	busy    bool
}

// order sends cmd, or queues it behind the one on its way. A waiting command that cmd makes
// pointless (the same slider moved again) is replaced.
func (m *Model) order(cmd live.Command) tea.Cmd {
	if err := m.refusal(changes(cmd), words.Command(cmd)); err != nil {
		return m.complain(err.Error())
	}
	m.pending.expect(cmd)
	if !m.orders.busy {
		m.orders.busy = true
		return m.send(cmd)
	}
	w := m.orders.waiting
	if n := len(w); n > 0 && overrides(cmd, w[n-1]) {
		w[n-1] = cmd
	} else {
		m.orders.waiting = append(w, cmd)
	}
	return nil
}

func overrides(cmd, earlier live.Command) bool {
	slot := slotOf(cmd)
	return slot != "" && slot == slotOf(earlier)
}

func (m *Model) send(cmd live.Command) tea.Cmd {
	e := m.engine
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
		defer cancel()
		a := ackMsg{cmd: cmd, err: e.Do(ctx, cmd)}
		if s := e.Snapshot(); s != nil {
			a.routes = s.Policy
		}
		return a
	}
}

// acknowledge reports the answer and sends the next waiting command.
func (m *Model) acknowledge(a ackMsg) tea.Cmd {
	m.pending.acknowledged(a, m.latest.Seq)
	switch {
	case errors.Is(a.err, context.DeadlineExceeded):
		m.say(true, words.Command(a.cmd)+": the engine did not answer within 2 s")
	case a.err != nil:
		m.say(true, a.err.Error())
	default:
		m.say(false, words.Done(m.snap, a.cmd, a.routes))
	}
	if len(m.orders.waiting) == 0 {
		m.orders.busy = false
		return nil
	}
	next := m.orders.waiting[0]
	m.orders.waiting = m.orders.waiting[1:]
	return m.send(next)
}

// nudge moves a parameter of the learner by one step, from where it will be once all pending
// commands are in force.
func (m *Model) nudge(param string, direction float64) tea.Cmd {
	l := m.learner()
	if l == nil {
		return m.complain("there is no learner to tune")
	}
	for _, p := range l.Params {
		if p.Name != param {
			continue
		}
		value := m.pending.value(live.SetParam{Learner: l.Name, Param: param}, p.Value)
		next := math.Round((value+direction*p.Step)*1e6) / 1e6
		next = min(max(next, p.Min), p.Max)
		if next == value {
			return m.complain(fmt.Sprintf("%s of %s stays within %s-%s", param, l.Name, format.Bound(p.Min), format.Bound(p.Max)))
		}
		return m.order(live.SetParam{Learner: l.Name, Param: param, Value: next})
	}
	return m.complain(fmt.Sprintf("%s has no %s", l.Name, param))
}

// changeRate moves the offered rate by about a tenth, to round numbers.
func (m *Model) changeRate(up bool) tea.Cmd {
	if !m.snap.Load.Enabled {
		return m.complain("the load generator is off: traffic comes from elsewhere")
	}
	return m.order(live.SetRate{Rate: nextRate(m.pending.value(live.SetRate{}, m.snap.Load.Rate), up)})
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
