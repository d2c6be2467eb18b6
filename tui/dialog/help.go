package dialog

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// Help lists the key map and the command line's commands, and says what words mean. It is made from the
// tables that dispatch, so it can't be wrong.
type Help struct {
	scroll  box.Scroll
	entries []Entry
	sought  string // only entries that contain it are shown
	typing  bool
}

// Entry is a line of the help: a key, a command or a word, and what it does or means.
type Entry struct{ Group, Key, Text string }

// NewHelp lists keys, commands and words; it begins with the words of the pane of that title.
func NewHelp(s *box.Sight, of []Entry, pane string) *Help {
	var first, rest []Entry
	for _, e := range glossary(&s.Theme.Glyphs) {
		if e.Group == wordsOf(pane) {
			first = append(first, e)
		} else {
			rest = append(rest, e)
		}
	}
	return &Help{entries: slices.Concat(first, of, rest)}
}

// Title is that of most of it.
func (h *Help) Title(*box.Sight) string { return "Keys" }

// Press scrolls, or types what is sought.
func (h *Help) Press(_ *box.Sight, k tea.KeyPressMsg) box.Act {
	if h.typing {
		h.search(k)
		return box.Act{}
	}
	switch k.String() {
	case "/":
		h.typing = true
	case "?", "q", "enter":
		return box.Act{Close: true}
	default:
		h.scroll.Move(k.String())
	}
	return box.Act{}
}

func (h *Help) search(k tea.KeyPressMsg) {
	h.scroll.First = 0
	switch text := k.Text; {
	case k.String() == "enter":
		h.typing = false
	case k.String() == "backspace" && h.sought != "":
		runes := []rune(h.sought)
		h.sought = string(runes[:len(runes)-1])
	case text != "" && len(h.sought) < 40:
		h.sought += format.Printable(text)
	}
}

// Draw has the entries that contain what is sought, in their groups; in two columns where there is room.
func (h *Help) Draw(s *box.Sight, w, rows int) (string, []string) {
	t := s.Theme
	const two, most, between = 104, 160, 3 // cells
	all, room := h.lines(s, w), max(rows-2, 1)
	if w >= two && len(all) > room {
		width := (min(w, most) - between) / 2
		all = columns(h.lines(s, width), width, between)
	}
	shown := h.scroll.Window(all, room)
	note := t.Key.On("/") + " search   " + t.Key.On("esc") + " back"
	if h.typing || h.sought != "" {
		note = t.Key.On("/") + h.sought + "   " + t.Key.On("esc") + " back"
	}
	if h.scroll.Last > 0 {
		note = t.Key.On("j k") + " scroll   " + note
	}
	return "", append(shown, "", note)
}

// lines are the entries in one column, w cells wide.
func (h *Help) lines(s *box.Sight, w int) []string {
	var all []string
	t, group := s.Theme, ""
	for i := range h.entries {
		e := &h.entries[i]
		if !box.Filter(h.sought).Lets(e.Key, e.Text) {
			continue
		}
		if e.Group != group {
			if group != "" {
				all = append(all, "")
			}
			group = e.Group
			all = append(all, t.Bold.On(group))
		}
		all = append(all, e.lines(t, w)...)
	}
	return all
}

// lines is an entry, its text beside its key or, where that is too long, below.
func (e *Entry) lines(t *theme.Theme, w int) []string {
	var out []string
	key := max(14, ansi.StringWidth(e.Key)+1)
	if key > 14 && key+16 > w {
		out = append(out, "  "+t.Key.On(ansi.Truncate(e.Key, w-2, t.Glyphs.Ellipsis)))
		for _, line := range theme.Wrapped(e.Text, w-4, t.Plain) {
			out = append(out, "    "+line)
		}
		return out
	}
	for i, line := range theme.Wrapped(e.Text, w-2-key, t.Plain) {
		lead := format.Spaces(key)
		if i == 0 {
			lead = t.Key.On(format.Fit(e.Key, key))
		}
		out = append(out, "  "+lead+line)
	}
	return out
}

// columns puts the second half of lines beside the first: from the group on that begins nearest to it.
func columns(lines []string, w, between int) []string {
	half := (len(lines) + 1) / 2
	for d := range half {
		if after := half + d; after < len(lines) && lines[after] == "" {
			half = after
			break
		}
		if before := half - d; before > 0 && lines[before] == "" {
			half = before
			break
		}
	}
	right := lines[half:]
	if len(right) > 0 && right[0] == "" {
		right = right[1:]
	}
	out := make([]string, max(half, len(right)))
	for i := range out {
		if i < half {
			out[i] = lines[i]
		}
		if i < len(right) {
			out[i] = format.Fit(out[i], w+between) + right[i]
		}
	}
	return out
}
