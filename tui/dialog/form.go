package dialog

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// Form asks for one or a few values. enter takes all of them; what is left empty is the default
// that stands there in grey.
type Form struct {
	heading string
	labels  []string
	hints   []string
	inputs  []textinput.Model
	at      int
	wrong   string
	submit  func(values []string) (live.Command, error)
}

// field is one line of a form.
type field struct{ label, value, hint string }

func newForm(heading string, submit func([]string) (live.Command, error), fields ...field) *Form {
	f := &Form{heading: heading, submit: submit}
	for _, d := range fields {
		in := box.NewInput(24)
		in.Blur()
		in.SetWidth(12)
		in.Placeholder = d.value
		f.labels, f.hints, f.inputs = append(f.labels, d.label), append(f.hints, d.hint), append(f.inputs, in)
	}
	f.inputs[0].Focus()
	return f
}

// Title says what for.
func (f *Form) Title(*box.Sight) string { return f.heading }

// Press types into the field that has the cursor, moves it, or takes all of them.
func (f *Form) Press(_ *box.Sight, k tea.KeyPressMsg) box.Act {
	switch k.String() {
	case "tab", "down":
		f.focus((f.at + 1) % len(f.inputs))
	case "shift+tab", "up":
		f.focus((f.at + len(f.inputs) - 1) % len(f.inputs))
	case "enter":
		cmd, err := f.submit(f.values())
		if err != nil {
			f.wrong = err.Error()
			return box.Act{}
		}
		return box.Act{Close: true, Command: cmd}
	default:
		f.wrong = ""
		f.inputs[f.at], _ = f.inputs[f.at].Update(k)
	}
	return box.Act{}
}

// Paste types text.
func (f *Form) Paste(_ *box.Sight, text string) box.Act {
	f.inputs[f.at], _ = f.inputs[f.at].Update(tea.PasteMsg{Content: text})
	return box.Act{}
}

func (f *Form) focus(i int) {
	f.inputs[f.at].Blur()
	f.at = i
	f.inputs[f.at].Focus()
}

// values are what was typed, or the default where nothing was.
func (f *Form) values() []string {
	out := make([]string, len(f.inputs))
	for i := range f.inputs {
		if out[i] = f.inputs[i].Value(); out[i] == "" {
			out[i] = f.inputs[i].Placeholder
		}
	}
	return out
}

// Draw has a line for each field, what is wrong with one, and the keys.
func (f *Form) Draw(s *box.Sight, w, _ int) (string, []string) {
	t, label := s.Theme, 0
	for _, name := range f.labels {
		label = max(label, ansi.StringWidth(name))
	}
	about := 0
	for _, hint := range f.hints {
		about = max(about, ansi.StringWidth(hint))
	}
	beside := label+19+about <= w
	var out []string
	for i, in := range f.inputs {
		lead, style := "  ", t.Plain
		if i == f.at {
			lead, style = t.Title.On(t.Glyphs.Cursor)+" ", t.Title
		}
		value := in.Value()
		shown := t.Plain.On(value)
		if value == "" {
			shown = t.Dim.On(in.Placeholder)
		}
		if i == f.at {
			shown = theme.BeforeCursor(value, in.Position()) + t.CursorOn(value, in.Position(), in.Placeholder)
		}
		line := lead + style.On(format.Fit(f.labels[i], label)) + "  " + format.Fit(shown, 14)
		if beside {
			line += " " + t.Dim.On(f.hints[i])
		}
		out = append(out, line)
	}
	if !beside && f.wrong == "" {
		out = append(out, theme.Wrapped(f.hints[f.at], w, t.Dim)...)
	} else {
		out = append(out, "")
	}
	if f.wrong != "" {
		out = append(out, theme.Wrapped(f.wrong, w, t.Bad)...)
	}
	keys := []theme.Hint{{"enter", "do it"}}
	if len(f.inputs) > 1 {
		keys = append(keys, theme.Hint{"tab", "next"})
	}
	return "", append(out, t.KeyLine(w, append(keys, theme.Hint{"esc", "back"})...))
}
