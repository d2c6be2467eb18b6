package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

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
		return m, m.tick()
	case savedMsg:
		if msg.err != nil {
			m.say(true, msg.err.Error())
		}
	case orders.Ack:
		return m, m.acknowledge(msg)
	case tea.KeyPressMsg:
		return m, m.press(msg)
	case tea.ColorProfileMsg:
		if few := msg.Profile == colorprofile.ANSI; few != m.sixteen {
			m.sixteen = few
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
	case tea.PasteMsg:
		return m, m.paste(msg.Content)
	}
	return m, nil
}

// take shows the snapshot of a frame, unless the view is frozen.
func (m *Model) take(f frameMsg) {
	m.now = f.at
	if f.snap != nil {
		m.latest = f.snap
	}
	m.orders.Settle(m.latest.Seq)
	m.toast.expire(m.now)
	m.notice()
	if m.frozen {
		return
	}
	m.snap = m.latest
	if m.server() == nil && len(m.snap.Servers) > 0 {
		m.selected = m.snap.Servers[0].ID
	}
}

// press gives a key to the dialog on top, otherwise to the key map.
func (m *Model) press(k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "ctrl+c" {
		return tea.Quit
	}
	if d := m.top(); d != nil {
		return m.pressDialog(d, k)
	}
	for _, a := range m.actions {
		if key.Matches(k, a.Binding) {
			if err := m.refusal(a.steers(), a.Help().Key); err != nil {
				return m.complain(err.Error())
			}
			return a.do(m, k)
		}
	}
	return nil
}

// pressDialog gives a key to the dialog on top; esc closes it.
func (m *Model) pressDialog(d box.Box, k tea.KeyPressMsg) tea.Cmd {
	s := m.sight()
	o, isOld := d.(old)
	if k.String() == "esc" {
		m.closeDialog()
		if c, ok := d.(box.Canceller); ok {
			return m.carryOut(c.Cancel(&s))
		}
		if c, ok := o.oldDialog.(interface{ cancel() }); ok {
			c.cancel()
		}
		return nil
	}
	if isOld {
		return m.answer(o.press(k))
	}
	return m.carryOut(d.Press(&s, k))
}

// paste gives a text to the dialog on top.
func (m *Model) paste(text string) tea.Cmd {
	s := m.sight()
	switch d := m.top().(type) {
	case old:
		d.paste(text)
	case box.Paster:
		return m.carryOut(d.Paste(&s, text))
	}
	return nil
}

// answer does what an old dialog decided.
func (m *Model) answer(a answer) tea.Cmd {
	if a.close {
		m.closeDialog()
	}
	if a.next != nil {
		m.openOld(a.next)
	}
	if a.cmd != nil {
		return m.order(a.cmd)
	}
	if a.do != nil {
		return a.do(m)
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

// dialog is the same, an old one as itself.
func (m *Model) dialog() any {
	switch d := m.top().(type) {
	case nil:
		return nil
	case old:
		return d.oldDialog
	default:
		return d
	}
}

func (m *Model) open(d box.Box) { m.dialogs = append(m.dialogs, d) }

func (m *Model) openOld(d oldDialog) { m.open(old{d}) }

func (m *Model) closeDialog() { m.dialogs = m.dialogs[:len(m.dialogs)-1] }

// back shows all of a filtered pane again, then all panes.
func (m *Model) back() {
	if m.filterOf(m.focus) != "" {
		m.filter(m.focus, "")
		return
	}
	m.zoomed = false
}

func (m *Model) freeze() {
	m.frozen = !m.frozen
	m.frozenAt = m.now
	if !m.frozen {
		m.snap = m.latest
	}
}

// details opens what there is to know behind the focused pane, or gives it the screen.
func (m *Model) details(k tea.KeyPressMsg) tea.Cmd {
	if m.panes[m.focus] != nil {
		if act := m.pressed(m.focus, k); !act.Nothing() {
			return m.carryOut(act)
		}
	}
	switch m.focus {
	case paneServers:
		return m.askServer()
	case paneQTable:
		return m.inspect()
	}
	m.zoomed = !m.zoomed
	return nil
}

// focusBy moves the focus by d panes, around the end.
func (m *Model) focusBy(d int) { m.focus = (m.focus + paneID(d) + panes) % panes }

// move moves the cursor of the focused pane: the selection in the server pane, the window of
// lines elsewhere.
func (m *Model) move(d int) {
	if m.focus != paneServers {
		m.scroll[m.focus] = max(0, m.scroll[m.focus]+d)
		m.clampScroll()
		return
	}
	m.moveServer(d)
}

// moveServer moves the selection by d of the servers shown.
func (m *Model) moveServer(d int) {
	rows := m.shownServers()
	if len(rows) == 0 {
		return
	}
	at := 0
	for i, r := range rows {
		if m.snap.Servers[r].ID == m.selected {
			at = i
		}
	}
	m.selected = m.snap.Servers[rows[min(max(at+d, 0), len(rows)-1)]].ID
}

// clampScroll keeps the focused pane from scrolling further than to its last line.
func (m *Model) clampScroll() {
	if m.w < minW || m.h < minH {
		return
	}
	l := m.layout()
	lines, room := 0, l.panes[m.focus].h-2
	switch m.focus {
	case paneQTable:
		if learner := m.learner(); learner != nil {
			room = m.qtableRoom(learner, l.panes[m.focus].w-2, room)
			lines = len(m.qrows(learner))
		}
	}
	m.scroll[m.focus] = max(0, min(m.scroll[m.focus], lines-room))
}

// sideways scrolls the Q-table's columns.
func (m *Model) sideways(d int) {
	if m.focus == paneQTable {
		m.columns = min(max(m.columns+d, 0), max(0, len(m.snap.Servers)-1))
	}
}
