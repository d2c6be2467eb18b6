package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// timeline is the line under the header: how far the scenario is, what is on and what comes next.
func timeline(sight *box.Sight, w int) string {
	t, s := sight.Theme, sight.Snap.Scenario
	head := " " + t.Bold.On(format.Printable(s.Name)) + " " + format.Clock(s.Elapsed) + t.Dim.On("/"+format.Clock(s.Duration)) + " "
	next := " " + news(sight, sight.Names(w))
	if ansi.StringWidth(head)+ansi.StringWidth(next) > w-8 {
		next = " " + news(sight, sight.Names(9))
	}
	if w < 60 { // words say more than a bar as short as that
		head = " " + t.Bold.On(format.Printable(s.Name)) + " " + format.Clock(s.Elapsed)
		return format.Fit(head+ansi.Truncate(next, max(w-ansi.StringWidth(head), 0), t.Glyphs.Ellipsis), w)
	}
	bar := w - ansi.StringWidth(head) - ansi.StringWidth(next) - 1
	bar = min(max(bar, 8), 40, max(w-ansi.StringWidth(head), 0))
	return format.Fit(head+progress(t, s, bar)+ansi.Truncate(next, max(w-ansi.StringWidth(head)-bar, 0), t.Glyphs.Ellipsis), w)
}

// news is the fault that is on, when it ends, and the next one; names are those of the servers.
func news(sight *box.Sight, names []string) string {
	t, s := sight.Theme, sight.Snap.Scenario
	var on, due []string
	for _, step := range s.Steps {
		name := step.Server
		if i := slices.IndexFunc(sight.Snap.Servers, func(v live.Server) bool { return v.ID == name }); i >= 0 {
			name = names[i]
		}
		what := format.Printable(name + " " + step.What)
		switch step.State {
		case "on":
			on = append(on, t.Warn.On(what)+t.Dim.On(" ends in "+format.Seconds(step.At+step.For-s.Elapsed)))
		case "due":
			due = append(due, t.Dim.On(fmt.Sprintf("in %s ", format.Seconds(step.At-s.Elapsed)))+what+t.Dim.On(" for "+format.Seconds(step.For)))
		}
	}
	const both = 2 // more is further away than a line is long
	words := append(on[:min(len(on), both)], due[:min(len(due), both)]...)
	if len(words) == 0 {
		words = []string{t.Dim.On("no more faults; ends in " + format.Seconds(s.Duration-s.Elapsed))}
	}
	return strings.Join(words, " "+t.Glyphs.Dot+" ")
}

// progress is the scenario from beginning to end in w cells: dark what has passed, and marked by
// colour and shade when there are faults.
func progress(t *theme.Theme, s *live.Scenario, w int) string {
	var b strings.Builder
	for x := range w {
		from, to := s.Duration*time.Duration(x)/time.Duration(w), s.Duration*time.Duration(x+1)/time.Duration(w)
		harm := slices.ContainsFunc(s.Steps, func(step live.ScenarioStep) bool {
			return step.At < to && step.At+step.For > from
		})
		shade, ink := 0, t.Border
		if s.Elapsed >= to {
			shade, ink = 2, t.P50
		}
		if harm {
			shade, ink = shade+1, t.Warn
		}
		b.WriteString(ink.On(t.Glyphs.Shades[shade]))
	}
	return b.String()
}
