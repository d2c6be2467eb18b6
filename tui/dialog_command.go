package tui

import (
	"strconv"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

const keptLines = 100 // of the command line's history

// commandLine reads a command, with completion and the lines typed before.
type commandLine struct {
	m     *Model
	in    textinput.Model
	past  int // index into the history; its length for the line being typed
	wrong string
}

func newCommandLine(m *Model) *commandLine {
	in := box.NewInput(200)
	return &commandLine{m: m, in: in, past: len(m.history)}
}

func (c *commandLine) title() string { return "Command" }

func (c *commandLine) press(k tea.KeyPressMsg) answer {
	switch k.String() {
	case "enter":
		return c.enter()
	case "tab":
		c.tab()
	case "up", "ctrl+p":
		c.recall(-1)
	case "down", "ctrl+n":
		c.recall(1)
	case "backspace":
		if c.in.Value() == "" {
			return answer{close: true}
		}
		c.in, _ = c.in.Update(k)
	default:
		c.wrong = ""
		c.in, _ = c.in.Update(k)
	}
	return answer{}
}

func (c *commandLine) paste(text string) { c.in, _ = c.in.Update(tea.PasteMsg{Content: text}) }

func (c *commandLine) enter() answer {
	line := strings.TrimSpace(strings.TrimLeft(c.in.Value(), ": "))
	if line == "" {
		return answer{close: true}
	}
	do, err := c.m.interpret(line)
	if err != nil {
		c.wrong = format.Printable(err.Error())
		return answer{}
	}
	if n := len(c.m.history); n == 0 || c.m.history[n-1] != line {
		c.m.history = append(c.m.history, line)
		c.m.history = c.m.history[max(0, len(c.m.history)-keptLines):]
	}
	return answer{close: true, do: do}
}

// tab completes the last word as far as there is no choice.
func (c *commandLine) tab() {
	line := c.in.Value()
	found := c.m.complete(line)
	if len(found) == 0 {
		return
	}
	head := line[:strings.LastIndexByte(line, ' ')+1]
	word := commonPrefix(found)
	if len(found) == 1 {
		word += " "
	} else if len(word) <= len(line)-len(head) {
		return
	}
	c.in.SetValue(head + word)
	c.in.CursorEnd()
}

func (c *commandLine) recall(d int) {
	c.past = min(max(c.past+d, 0), len(c.m.history))
	line := ""
	if c.past < len(c.m.history) {
		line = c.m.history[c.past]
	}
	c.in.SetValue(line)
	c.in.CursorEnd()
}

func (c *commandLine) lines(t *theme.Theme, w, h int) []string {
	w = min(w, 74)
	value := c.in.Value()
	line := t.Key.On(":") + theme.BeforeCursor(value, c.in.Position()) + t.CursorOn(value, c.in.Position(), "")
	if n := ansi.StringWidth(line); n > w {
		line = ansi.Cut(line, n-w, n)
	}
	out := []string{format.Fit(line, w)}
	if h >= 8 {
		out = append(out, "")
	}
	room := max(h-len(out)-2, 1)
	switch {
	case c.wrong != "":
		for _, line := range format.Wrap(c.wrong, w) {
			out = append(out, t.Bad.On(line))
		}
	case strings.Contains(strings.TrimLeft(value, " "), " "):
		out = append(out, c.hints(t, w)...)
	default:
		out = append(out, c.listed(t, value, w, room)...)
	}
	out = out[:min(len(out), max(h-2, 1))]
	return append(out, "", t.KeyLine(w, theme.Hint{"enter", "do it"}, theme.Hint{"tab", "complete"}, theme.Hint{"up down", "history"}, theme.Hint{"esc", "back"}))
}

// hints are the usage of the command typed and what its argument could become.
func (c *commandLine) hints(t *theme.Theme, w int) []string {
	v, err := findVerb(strings.Fields(c.in.Value())[0])
	if err != nil {
		return []string{t.Bad.On(ansi.Truncate(format.Printable(err.Error()), w, t.Glyphs.Ellipsis))}
	}
	out := []string{t.Bold.On(v.usage()) + "  " + t.Dim.On(v.help)}
	if ansi.StringWidth(out[0]) > w {
		out = append([]string{t.Bold.On(v.usage())}, theme.Wrapped(v.help, w, t.Dim)...)
	}
	if found := c.m.complete(c.in.Value()); len(found) > 0 {
		out = append(out, t.Dim.On(ansi.Truncate(format.Printable(strings.Join(found, "  ")), w, t.Glyphs.Ellipsis)))
	}
	return out
}

// listed are the commands that begin as typed, and how many more there are.
func (c *commandLine) listed(t *theme.Theme, typed string, w, room int) []string {
	var out []string
	for _, v := range c.m.usableVerbs() {
		if strings.HasPrefix(v.name, typed) {
			text := t.Bold.On(format.Fit(v.usage(), 27)) + t.Dim.On(v.help)
			out = append(out, ansi.Truncate(text, w, t.Glyphs.Ellipsis))
		}
	}
	switch more := len(out) - room + 1; {
	case len(out) == 0:
		return []string{t.Bad.On("no command begins so")}
	case more > 1:
		return append(out[:room-1], t.Dim.On(strconv.Itoa(more)+" more: type a letter, or see ?"))
	}
	return out
}
