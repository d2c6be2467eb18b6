package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// oldDialog is a box over the screen that has the keyboard and knows the Model. esc closes it without asking it.
type oldDialog interface {
	title() string
	// press takes a key and says what follows.
	press(k tea.KeyPressMsg) answer
	// paste takes pasted text.
	paste(text string)
	// lines draws the inside, at most w x h cells.
	lines(t *theme.Theme, w, h int) []string
}

// old is a dialog that still knows the Model, in the face of those that don't.
type old struct{ oldDialog }

func (o old) Title(*box.Sight) string { return o.title() }

func (o old) Draw(s *box.Sight, w, h int) (string, []string) { return "", o.lines(s.Theme, w, h) }

// Press is never asked: the Model carries out the answers of old dialogs itself.
func (o old) Press(*box.Sight, tea.KeyPressMsg) box.Act { return box.Act{} }

// answer is what an old dialog decided: nothing, to close, a command for the engine, another dialog, or
// something that the console does itself once the dialog is closed.
type answer struct {
	close bool
	cmd   live.Command
	next  oldDialog
	do    deed
}

// framed draws a dialog, as large as it needs and the screen allows.
func (m *Model) framed(d box.Box) []string {
	s := m.sight()
	_, inner := d.Draw(&s, m.w-6, m.h-4)
	if len(inner) > m.h-4 {
		inner = inner[:m.h-4]
	}
	title := format.Printable(d.Title(&s))
	w := ansi.StringWidth(title) + 2
	for _, line := range inner {
		w = max(w, ansi.StringWidth(line)+2)
	}
	padded := make([]string, len(inner))
	for i, line := range inner {
		padded[i] = " " + line
	}
	w = min(w, m.w-4)
	return m.theme.Framed(" "+title+" ", "", padded, w+2, len(inner)+2, true)
}
