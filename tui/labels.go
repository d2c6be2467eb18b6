package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/qlearn"
	"slbtui/tui/format"
)

// shownLabels is how the rows' labels are written and how wide their column is.
type shownLabels struct {
	brief func(string) string
	width int
}

// labelling is all that shownLabels depend on.
type labelling struct {
	rows rowsOf
	room int
}

// labels returns how to write the rows' labels so that the longest fits into room cells: in full,
// "(lo,md,hi)", or "(lmh)".
func labels(rows []qlearn.Row, room int) shownLabels {
	room = max(room, 10)
	var s shownLabels
	for _, s.brief = range []func(string) string{whole, words.Replace, letters.Replace} {
		s.width = 6
		for i := range rows {
			if s.width = max(s.width, ansi.StringWidth(s.brief(format.Printable(rows[i].Label)))); s.width > room {
				break
			}
		}
		if s.width <= room {
			break
		}
	}
	s.width = min(s.width, room)
	return s
}

func whole(s string) string { return s }

var (
	words   = strings.NewReplacer(", ", ",", "low", "lo", "medium", "md", "high", "hi")
	letters = strings.NewReplacer(", ", "", "low", "l", "medium", "m", "high", "h")
)
