// Package format writes what is drawn: texts that fill so many cells, numbers and times with their units,
// and it reads them back where they are typed. It knows no colours, no engine, and keeps nothing.
package format

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/printable"
)

// Fit cuts or pads s to exactly w cells.
func Fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	switch n := ansi.StringWidth(s); {
	case n > w:
		s = ansi.Truncate(s, w, "")
		// A wide character cut in half leaves a cell.
		return s + Spaces(w-ansi.StringWidth(s))
	case n < w:
		return s + Spaces(w-n)
	}
	return s
}

// Left pads s on its right to w cells, shortening it with an ellipsis.
func Left(s string, w int, ellipsis string) string {
	if ansi.StringWidth(s) > w {
		s = ansi.Truncate(s, w, ellipsis)
	}
	return Fit(s, w)
}

// Right pads s on its left to w cells.
func Right(s string, w int) string {
	if n := ansi.StringWidth(s); n < w {
		return Spaces(w-n) + s
	}
	return Fit(s, w)
}

// Wrap breaks text at blanks into lines of at most w cells; a minus stays with its number. A word
// that is longer has a line of its own.
func Wrap(text string, w int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case ansi.StringWidth(*last)+1+ansi.StringWidth(word) <= w:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// Printable makes a text of the engine fit to be drawn, whatever a server or an operating system said in it: see
// package printable.
func Printable(s string) string { return printable.Line(s) }

const blanks = "                                                                                                                                "

// Spaces are n blanks, none for n below 1.
func Spaces(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// Repeat writes s n times.
func Repeat(s string, n int) string {
	b := make([]byte, 0, len(s)*max(n, 0))
	for range n {
		b = append(b, s...)
	}
	return string(b)
}
