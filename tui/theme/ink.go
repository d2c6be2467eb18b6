package theme

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/format"
)

// Wrapped is a text in lines of at most w cells.
func Wrapped(text string, w int, style Ink) []string {
	lines := strings.Split(ansi.Wrap(format.Printable(text), max(w, 1), " "), "\n")
	for i := range lines {
		lines[i] = style.On(lines[i])
	}
	return lines
}

// Ink is a style as the escape sequence that opens it; the empty ink writes plain text. Bubble Tea
// brings colours down to what the terminal can show.
type Ink string

const closeInk = "\x1b[m"

// On writes s in the ink, and closes it.
func (i Ink) On(s string) string {
	if i == "" || s == "" {
		return s
	}
	return string(i) + s + closeInk
}
