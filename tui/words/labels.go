package words

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/qlearn"
	"slbtui/tui/format"
)

// Labels is how the rows' labels are written and how wide their column is.
type Labels struct {
	Brief func(string) string
	Width int
}

// LabelsIn returns how to write the rows' labels so that the longest fits into room cells: in full,
// "(lo,md,hi)", or "(lmh)".
func LabelsIn(rows []qlearn.Row, room int) Labels {
	room = max(room, 10)
	var s Labels
	for _, s.Brief = range []func(string) string{whole, Briefer.Replace, Letters.Replace} {
		s.Width = 6
		for i := range rows {
			if s.Width = max(s.Width, ansi.StringWidth(s.Brief(format.Printable(rows[i].Label)))); s.Width > room {
				break
			}
		}
		if s.Width <= room {
			break
		}
	}
	s.Width = min(s.Width, room)
	return s
}

func whole(s string) string { return s }

// How the labels of a joint table are written where there is less room: "(lo,md,hi)" and "(lmh)".
var (
	Briefer = strings.NewReplacer(", ", ",", "low", "lo", "medium", "md", "high", "hi")
	Letters = strings.NewReplacer(", ", "", "low", "l", "medium", "m", "high", "h")
)
