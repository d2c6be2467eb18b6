package tui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/format"
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
		in := newInput(24)
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

func (f *form) lines(t *theme, w, _ int) []string {
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
		lead, style := "  ", t.plain
		if i == f.at {
			lead, style = t.title.on(t.glyphs.cursor)+" ", t.title
		}
		value := in.Value()
		shown := t.plain.on(value)
		if value == "" {
			shown = t.dim.on(in.Placeholder)
		}
		if i == f.at {
			shown = beforeCursor(value, in.Position()) + t.cursorOn(value, in.Position(), in.Placeholder)
		}
		line := lead + style.on(format.Fit(f.labels[i], label)) + "  " + format.Fit(shown, 14)
		if beside {
			line += " " + t.dim.on(f.hints[i])
		}
		out = append(out, line)
	}
	if !beside && f.wrong == "" {
		out = append(out, wrapped(f.hints[f.at], w, t.dim)...)
	} else {
		out = append(out, "")
	}
	if f.wrong != "" {
		out = append(out, wrapped(f.wrong, w, t.bad)...)
	}
	keys := []hint{{"enter", "do it"}}
	if len(f.inputs) > 1 {
		keys = append(keys, hint{"tab", "next"})
	}
	return append(out, t.keyLine(w, append(keys, hint{"esc", "back"})...))
}

func beforeCursor(value string, at int) string { return string([]rune(value)[:at]) }

// cursorOn draws the rest of an input from the cursor on; over an empty one lies its default.
func (t *theme) cursorOn(value string, at int, placeholder string) string {
	const reversed = ink("\x1b[7m")
	rest := []rune(value)[at:]
	switch {
	case len(rest) > 0:
		return reversed.on(string(rest[:1])) + string(rest[1:])
	case value == "" && placeholder != "":
		p := []rune(placeholder)
		return reversed.on(string(p[:1])) + t.dim.on(string(p[1:]))
	}
	return reversed.on(" ")
}
