package command

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

const keptLines = 100 // of the history

// History has the lines typed before, newest last.
type History struct{ lines []string }

func (h *History) add(line string) {
	if n := len(h.lines); n > 0 && h.lines[n-1] == line {
		return
	}
	h.lines = append(h.lines, line)
	h.lines = h.lines[max(0, len(h.lines)-keptLines):]
}

// Line reads a command, with completion and the lines typed before.
type Line struct {
	history *History
	in      textinput.Model
	past    int // index into the history; its length for the line being typed
	wrong   string
}

// NewLine is an empty line; what is typed is added to h.
func NewLine(h *History) *Line {
	return &Line{history: h, in: box.NewInput(200), past: len(h.lines)}
}

// Title says what it is for.
func (c *Line) Title(*box.Sight) string { return "Command" }

// Press types, completes, recalls a line or does what is typed.
func (c *Line) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	switch k.String() {
	case "enter":
		return c.enter(s)
	case "tab":
		c.tab(s)
	case "up", "ctrl+p":
		c.recall(-1)
	case "down", "ctrl+n":
		c.recall(1)
	case "backspace":
		if c.in.Value() == "" {
			return box.Act{Close: true}
		}
		c.in, _ = c.in.Update(k)
	default:
		c.wrong = ""
		c.in, _ = c.in.Update(k)
	}
	return box.Act{}
}

// Paste types text.
func (c *Line) Paste(_ *box.Sight, text string) box.Act {
	c.in, _ = c.in.Update(tea.PasteMsg{Content: text})
	return box.Act{}
}

func (c *Line) enter(s *box.Sight) box.Act {
	line := strings.TrimSpace(strings.TrimLeft(c.in.Value(), ": "))
	if line == "" {
		return box.Act{Close: true}
	}
	act, err := Interpret(s, line)
	if err != nil {
		c.wrong = format.Printable(err.Error())
		return box.Act{}
	}
	c.history.add(line)
	act.Close = true
	return act
}

// tab completes the last word as far as there is no choice.
func (c *Line) tab(s *box.Sight) {
	line := c.in.Value()
	found := complete(s, line)
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

func (c *Line) recall(d int) {
	c.past = min(max(c.past+d, 0), len(c.history.lines))
	line := ""
	if c.past < len(c.history.lines) {
		line = c.history.lines[c.past]
	}
	c.in.SetValue(line)
	c.in.CursorEnd()
}

// Draw is the line, below it what can be typed or what is wrong, and the keys.
func (c *Line) Draw(s *box.Sight, w, h int) (string, []string) {
	t := s.Theme
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
		out = append(out, c.hints(s, w)...)
	default:
		out = append(out, listed(s, value, w, room)...)
	}
	out = out[:min(len(out), max(h-2, 1))]
	return "", append(out, "", t.KeyLine(w, theme.Hint{"enter", "do it"}, theme.Hint{"tab", "complete"}, theme.Hint{"up down", "history"}, theme.Hint{"esc", "back"}))
}

// hints are the usage of the command typed and what its argument could become.
func (c *Line) hints(s *box.Sight, w int) []string {
	t := s.Theme
	v, err := Find(strings.Fields(c.in.Value())[0])
	if err != nil {
		return []string{t.Bad.On(ansi.Truncate(format.Printable(err.Error()), w, t.Glyphs.Ellipsis))}
	}
	out := []string{t.Bold.On(v.Usage()) + "  " + t.Dim.On(v.Help)}
	if ansi.StringWidth(out[0]) > w {
		out = append([]string{t.Bold.On(v.Usage())}, theme.Wrapped(v.Help, w, t.Dim)...)
	}
	if found := complete(s, c.in.Value()); len(found) > 0 {
		out = append(out, t.Dim.On(row(found, w)))
	}
	return out
}

// row has as many names as fit into w cells, each in full, and how many more there are.
func row(names []string, w int) string {
	for shown := len(names); shown > 0; shown-- {
		line := format.Printable(strings.Join(names[:shown], "  "))
		if more := len(names) - shown; more > 0 {
			line += "  and " + strconv.Itoa(more) + " more"
		}
		if ansi.StringWidth(line) <= w || len(names) == 1 {
			return line
		}
	}
	return strconv.Itoa(len(names)) + " names begin so"
}

// listed are the commands that begin as typed, and how many more there are.
func listed(s *box.Sight, typed string, w, room int) []string {
	var out []string
	t := s.Theme
	for _, v := range Usable(s) {
		if strings.HasPrefix(v.Name, typed) {
			text := t.Bold.On(format.Fit(v.Usage(), 27)) + t.Dim.On(v.Help)
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
