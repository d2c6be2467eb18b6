package tui

import (
	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/command"
	"slbtui/tui/orders"
	"slbtui/tui/words"
)

// order sends cmd, or queues it behind the one on its way.
func (m *Model) order(cmd live.Command) tea.Cmd {
	s := m.sight()
	if err := command.Refused(&s, cmd); err != nil {
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
	if a.Err != nil {
		m.say(true, words.NotDone(a.Cmd, a.Err))
	} else {
		m.say(false, words.Done(m.snap, a.Cmd, a.Routes))
	}
	return m.send(m.orders.Answered(a, m.latest.Seq))
}

// complain tells why a key did nothing.
func (m *Model) complain(text string) tea.Cmd {
	m.say(true, text)
	return nil
}
