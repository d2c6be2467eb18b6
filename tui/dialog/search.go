package dialog

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// Search reads the filter of a pane in the footer's place; the pane follows every key.
type Search struct {
	pane box.Filterer
	in   textinput.Model
}

// AskFilter begins to type what a pane shall show.
func AskFilter(pane box.Box) box.Act {
	f, ok := pane.(box.Filterer)
	if !ok {
		return box.Complain("nothing to search here: servers, Q-table and events can be filtered")
	}
	in := box.NewInput(40)
	in.SetValue(f.Filter())
	in.CursorEnd()
	return box.Act{Open: &Search{pane: f, in: in}}
}

// Title is none: it is a Liner.
func (d *Search) Title(*box.Sight) string { return "" }

// Draw is nothing: it is a Liner.
func (d *Search) Draw(*box.Sight, int, int) (string, []string) { return "", nil }

// Press types, or keeps what was typed.
func (d *Search) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	if k.String() == "enter" || k.String() == "backspace" && d.in.Value() == "" {
		return box.Act{Close: true}
	}
	d.in, _ = d.in.Update(k)
	return d.pane.SetFilter(s, d.in.Value())
}

// Paste types text.
func (d *Search) Paste(s *box.Sight, text string) box.Act {
	d.in, _ = d.in.Update(tea.PasteMsg{Content: text})
	return d.pane.SetFilter(s, d.in.Value())
}

// Cancel forgets the filter: esc goes back to all.
func (d *Search) Cancel(s *box.Sight) box.Act { return d.pane.SetFilter(s, "") }

// Line stands in the footer's place.
func (d *Search) Line(s *box.Sight, w int) string {
	t, value, name := s.Theme, d.in.Value(), d.pane.Title(s)
	return format.Fit(" "+t.Key.On("/")+theme.BeforeCursor(value, d.in.Position())+t.CursorOn(value, d.in.Position(), "")+
		"  "+t.Dim.On("in "+name)+"   "+t.KeyLine(w-ansi.StringWidth(value+name)-10, theme.Hint{"enter", "keep"}, theme.Hint{"n N", "then next, previous"}, theme.Hint{"esc", "show all"}), w)
}
