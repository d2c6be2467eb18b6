package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// dialog is a box over the screen that has the keyboard. esc closes it without asking it.
type dialog interface {
	title() string
	// press takes a key and says what follows.
	press(k tea.KeyPressMsg) answer
	// paste takes pasted text.
	paste(text string)
	// lines draws the inside, at most w x h cells.
	lines(t *theme.Theme, w, h int) []string
}

// answer is what a dialog decided: nothing, to close, a command for the engine, another dialog, or
// something that the console does itself once the dialog is closed.
type answer struct {
	close bool
	cmd   live.Command
	next  dialog
	do    deed
}

// box frames a dialog, as large as it needs and the screen allows.
func (m *Model) box(d dialog) []string {
	inner := d.lines(m.theme, m.w-6, m.h-4)
	if len(inner) > m.h-4 {
		inner = inner[:m.h-4]
	}
	w := ansi.StringWidth(format.Printable(d.title())) + 2
	for _, line := range inner {
		w = max(w, ansi.StringWidth(line)+2)
	}
	padded := make([]string, len(inner))
	for i, line := range inner {
		padded[i] = " " + line
	}
	w = min(w, m.w-4)
	return m.theme.Framed(" "+format.Printable(d.title())+" ", "", padded, w+2, len(inner)+2, true)
}
