package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/qlearn"
)

// labels returns how to write the rows' labels so that the longest fits into room cells, and how
// wide the column is then: in full, "(lo,md,hi)", or "(lmh)".
func labels(rows []qlearn.Row, room int) (brief func(string) string, width int) {
	room = max(room, 10)
	for _, brief = range []func(string) string{whole, words.Replace, letters.Replace} {
		width = 6
		for i := range rows {
			width = max(width, ansi.StringWidth(brief(printable(rows[i].Label))))
		}
		if width <= room {
			break
		}
	}
	return brief, min(width, max(room, 10))
}

func whole(s string) string { return s }

var (
	words   = strings.NewReplacer(", ", ",", "low", "lo", "medium", "md", "high", "hi")
	letters = strings.NewReplacer(", ", "", "low", "l", "medium", "m", "high", "h")
)
