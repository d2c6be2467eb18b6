package tui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// form asks for one or a few values. enter takes all of them; what is left empty is the default
// that stands there in grey.
type form struct {
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

func newForm(heading string, submit func([]string) (live.Command, error), fields ...field) *form {
	f := &form{heading: heading, submit: submit}
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

func (f *form) title() string { return f.heading }

func (f *form) press(k tea.KeyPressMsg) answer {
	switch k.String() {
	case "tab", "down":
		f.focus((f.at + 1) % len(f.inputs))
	case "shift+tab", "up":
		f.focus((f.at + len(f.inputs) - 1) % len(f.inputs))
	case "enter":
		cmd, err := f.submit(f.values())
		if err != nil {
			f.wrong = err.Error()
			return answer{}
		}
		return answer{close: true, cmd: cmd}
	default:
		f.wrong = ""
		f.inputs[f.at], _ = f.inputs[f.at].Update(k)
	}
	return answer{}
}

func (f *form) paste(text string) {
	f.inputs[f.at], _ = f.inputs[f.at].Update(tea.PasteMsg{Content: text})
}

func (f *form) focus(i int) {
	f.inputs[f.at].Blur()
	f.at = i
	f.inputs[f.at].Focus()
}

// values are what was typed, or the default where nothing was.
func (f *form) values() []string {
	out := make([]string, len(f.inputs))
	for i := range f.inputs {
		if out[i] = f.inputs[i].Value(); out[i] == "" {
			out[i] = f.inputs[i].Placeholder
		}
	}
	return out
}

func (f *form) lines(t *theme.Theme, w, _ int) []string {
	label := 0
	for _, s := range f.labels {
		label = max(label, ansi.StringWidth(s))
	}
	about := 0
	for _, s := range f.hints {
		about = max(about, ansi.StringWidth(s))
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
	return append(out, t.KeyLine(w, append(keys, theme.Hint{"esc", "back"})...))
}
