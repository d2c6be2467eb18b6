package pane

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/chart"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// head is what stands above the table: how far it has settled, and the last decision where
// there is room.
func (p *QTable) head(s *box.Sight, l *live.Learner, w, h int) []string {
	lines := []string{convergence(s.Theme, l, w)}
	if p.view == viewHeat {
		lines[0] = heatLegend(s.Theme)
	}
	if h < 6 {
		return lines
	}
	return append(lines, lastDecision(s, l, w, h)...)
}

// foot is the last decision term by term, where there is room for it below the table.
func foot(s *box.Sight, l *live.Learner, w, h int) []string {
	d := words.Decisions(s.Snap, l)
	const table, most = 9, 8 // lines left to the table, servers
	if len(d) == 0 || w < 50 || len(d[0].Servers) > most || h < table+len(d[0].Servers)+5 {
		return nil
	}
	what := "last decision at "
	if words.Watches(l) {
		what = "would choose at "
	}
	head := " " + s.Theme.Dim.On(what+format.Moment(d[0].At)+", best first; ") + s.Theme.Key.On("enter") + s.Theme.Dim.On(" explains")
	return append([]string{"", head}, dialog.Terms(s, l, d[0], w, len(d[0].Servers))...)
}

func convergence(t *theme.Theme, l *live.Learner, w int) string {
	s := &l.Stats
	text := fmt.Sprintf("%s states  %s updates  |%sQ| %s  explored %s", format.Count(uint64(max(l.Table.States, 0))), format.Count(l.Table.Updates), t.Glyphs.Delta, hundredths(s.DeltaQ), format.Percent(s.Explored))
	if w < 50 {
		text = fmt.Sprintf("%s states  %s upd  |%sQ| %s  expl %s", format.Count(uint64(max(l.Table.States, 0))), format.Count(l.Table.Updates), t.Glyphs.Delta, hundredths(s.DeltaQ), format.Percent(s.Explored))
	}
	for at := strings.LastIndex(text, "  "); ansi.StringWidth(text) > w-2 && at > 0; at = strings.LastIndex(text, "  ") {
		text = text[:at] // whole words rather than half a one
	}
	if room := w - ansi.StringWidth(text) - 3; room >= 6 {
		return " " + t.Dim.On(text) + "  " + t.P50.On(chart.Spark(chart.Squeeze(l.DeltaQs, min(room, 30)), min(room, 30), t.Glyphs.Chart))
	}
	return " " + t.Dim.On(text)
}

// lastDecision is the latest decision in words, in two lines where there is room; with shorter names of the
// servers where that leaves room for the reason.
func lastDecision(s *box.Sight, l *live.Learner, w, h int) []string {
	t := s.Theme
	if d := words.Decisions(s.Snap, l); len(d) > 0 {
		lead := "last "
		if words.Watches(l) {
			lead = "would pick "
		}
		room := max(w-2-len(lead), 0)
		rooms := []int{room, max(w-7, 0)}
		if h < 14 {
			rooms = rooms[:1]
		}
		lines, whole := broken(words.Why(s.Names(w), l, d[0]), rooms, t.Glyphs.Ellipsis)
		if !whole {
			lines, _ = broken(words.Why(s.Names(max(room/4, 9)), l, d[0]), rooms, t.Glyphs.Ellipsis)
		}
		lines[0] = " " + t.Dim.On(lead) + lines[0]
		if len(lines) > 1 {
			lines[1] = "      " + lines[1]
		}
		return lines
	}
	for i := range l.Table.Rows {
		r := &l.Table.Rows[i]
		if r.ID == l.Table.LastRow && l.Table.LastServer >= 0 && l.Table.LastServer < len(s.Snap.Servers) {
			return []string{" " + t.Dim.On("last choice ") + t.Last.On(s.Names(max(w/2, 9))[l.Table.LastServer]) + t.Dim.On(" in ") + format.Printable(r.Label)}
		}
	}
	return []string{" " + t.Dim.On("last choice: none yet")}
}

// broken writes a text into lines of so many cells, the last of which may end in an ellipsis, and tells whether it
// is whole.
func broken(text string, rooms []int, ellipsis string) (lines []string, whole bool) {
	lines = make([]string, len(rooms))
	if len(rooms) > 1 {
		wrapped := format.Wrap(text, rooms[0])
		lines[0], text = wrapped[0], strings.Join(wrapped[1:], " ")
	}
	last := len(rooms) - 1
	if whole = ansi.StringWidth(text) <= rooms[last]; !whole { // no name loses its end, which tells it from the others
		text = ansi.Truncate(format.Wrap(text, rooms[last]-ansi.StringWidth(ellipsis))[0]+ellipsis, rooms[last], "")
	}
	lines[last] = text
	return lines, whole
}
