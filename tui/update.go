package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"slbtui/tui/box"
	"slbtui/tui/orders"
)

// Update takes one message. It neither waits nor reads anything but the message.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case frameMsg:
		m.take(msg)
		return m, tea.Batch(m.tick(), m.lookAtTour())
	case savedMsg:
		if msg.err != nil {
			m.say(true, msg.err.Error())
		}
	case orders.Ack:
		return m, m.acknowledge(msg)
	case tea.KeyPressMsg:
		return m, m.press(msg)
	case tea.ColorProfileMsg:
		if msg.Profile != m.colours {
			m.colours = msg.Profile
			m.retheme(m.theme.Name)
		}
	case tea.BackgroundColorMsg:
		if m.opts.Theme == "" && !msg.IsDark() {
			m.retheme("light")
		}
	case tea.MouseClickMsg:
		if msg.Button == tea.MouseLeft {
			return m, m.click(msg.X, msg.Y)
		}
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp || msg.Button == tea.MouseWheelDown {
			return m, m.wheel(msg.X, msg.Y, msg.Button == tea.MouseWheelDown)
		}
	case tea.ResumeMsg:
		return m, m.resume()
	case continuedMsg:
		return m, retake()
	case tea.PasteMsg:
		return m, m.paste(msg.Content)
	}
	return m, nil
}

// take shows the snapshot of a frame, unless the view is frozen.
func (m *Model) take(f frameMsg) {
	m.now = f.at
	if f.snap != nil {
		before := m.readOnly()
		if m.latest = f.snap; m.readOnly() != before {
			m.hint()
		}
	}
	m.orders.Settle(m.latest.Seq)
	m.toast.expire(m.now)
	m.notice()
	if m.frozen {
		return
	}
	m.snap = m.latest
	if !m.snap.Load.Lagging { // the machine is too busy
		m.motion.step(f.at)
	}
	if s := m.sight(); s.Selected() == nil && len(m.snap.Servers) > 0 {
		m.selected = m.snap.Servers[0].ID
	}
}

// press gives a key to the dialog on top, otherwise to the key map.
func (m *Model) press(k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "ctrl+c":
		return tea.Quit
	case "ctrl+z":
		return m.suspend()
	case "ctrl+l":
		return tea.ClearScreen
	}
	if d := m.top(); d != nil {
		return m.pressDialog(d, k)
	}
	for _, a := range m.actions {
		if key.Matches(k, a.Binding) {
			if a.steers() {
				s := m.sight()
				if err := s.Refusal(a.Help().Key); err != nil {
					return m.complain(err.Error())
				}
			}
			return a.do(m, k)
		}
	}
	return nil
}

// pressDialog gives a key to the dialog on top; esc closes it.
func (m *Model) pressDialog(d box.Box, k tea.KeyPressMsg) tea.Cmd {
	s := m.sight()
	if k.String() != "esc" {
		return m.carryOut(d.Press(&s, k))
	}
	m.closeDialog()
	if c, ok := d.(box.Canceller); ok {
		return m.carryOut(c.Cancel(&s))
	}
	return nil
}

// paste gives a text to the dialog on top.
func (m *Model) paste(text string) tea.Cmd {
	s := m.sight()
	if d, ok := m.top().(box.Paster); ok {
		return m.carryOut(d.Paste(&s, text))
	}
	return nil
}

// top is the dialog that has the keyboard, nil when there is none.
func (m *Model) top() box.Box {
	if len(m.dialogs) == 0 {
		return nil
	}
	return m.dialogs[len(m.dialogs)-1]
}

func (m *Model) open(d box.Box) { m.dialogs = append(m.dialogs, d) }

func (m *Model) closeDialog() { m.dialogs = m.dialogs[:len(m.dialogs)-1] }

// back shows all of a filtered pane again, then all panes; then it ends the tour.
func (m *Model) back() tea.Cmd {
	switch {
	case m.filterOf(m.focus) != "":
		m.filter(m.focus, "")
	case m.zoomed:
		m.zoomed = false
	case m.touring():
		return m.endTour()
	}
	return nil
}

func (m *Model) freeze() {
	m.frozen = !m.frozen
	m.frozenAt = m.now
	if !m.frozen {
		m.snap = m.latest
	}
}
