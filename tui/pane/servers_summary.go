package pane

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
)

// summary is a line on all servers together, where they are too many to be seen at a glance.
func summary(s *box.Sight, w int) []string {
	list := s.Snap.Servers
	if len(list) <= few {
		return nil
	}
	t := s.Theme
	counts := map[live.ServerState]int{}
	worst := 0
	for i := range list {
		counts[list[i].State]++
		if list[i].Window.P95MS > list[worst].Window.P95MS {
			worst = i
		}
	}
	var parts []string
	for _, state := range statesOf(list) {
		if state != live.ServerOK {
			parts = append(parts, t.State(string(state)).On(fmt.Sprintf("%d %s", counts[state], format.Printable(string(state)))))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, t.Good.On("all ok"))
	}
	line := " " + t.Bold.On(fmt.Sprintf("%d servers", len(list))) + ": " + strings.Join(parts, ", ")
	if p95 := list[worst].Window.P95MS; p95 > 0 {
		text := s.Names(min(max(w/4, 8), 24))[worst] + " " + format.Millis(p95)
		for _, lead := range []string{", worst p95 ", ", worst "} {
			if ansi.StringWidth(line+lead+text) <= w {
				line += lead + text
				break
			}
		}
	}
	return []string{ansi.Truncate(line, w, t.Glyphs.Ellipsis)}
}
