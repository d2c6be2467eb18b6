package plain

import (
	"fmt"
	"math"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/box"
	"slbtui/tui/command"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
	"slbtui/tui/pane"
	"slbtui/tui/words"
)

// width and mostLines bound what is said at once.
const width, mostLines = 100, 25

// view is a pane, or a part of one, in words.
type view struct {
	name  string
	lines func(s *box.Sight) []string
}

func views() []view {
	return []view{
		{"servers", servers},
		{"comparison", func(s *box.Sight) []string { return append(pane.Versus(s, width), regret(s.Snap)...) }},
		{"latencies", pane.Spread},
		{"table", func(s *box.Sight) []string { return table(s.Snap) }},
		{"why", why},
		{viewWhatIf, func(s *box.Sight) []string { return whatIf(s.Latest, s.Latest.WhatIf, viewWhatIf) }},
		{viewBack, func(s *box.Sight) []string { return whatIf(s.Latest, s.Latest.LookBack, viewBack) }},
		{"steering", func(s *box.Sight) []string {
			if s.Snap.Steering == nil {
				return []string{"nothing is steered: slbtui's own proxy routes here"}
			}
			return words.Steering(s.Snap.Steering)
		}},
		{"balancers", func(s *box.Sight) []string {
			if s.Latest.Link == nil {
				return []string{"this console has an engine of its own"}
			}
			_, lines := (&dialog.Balancers{}).Draw(s, width, mostLines)
			return lines[:len(lines)-2] // without the keys
		}},
		{"events", func(s *box.Sight) []string {
			_, lines := (&pane.Events{}).Draw(s, width, mostLines)
			return lines
		}},
	}
}

func viewNames() []string {
	var names []string
	for _, v := range views() {
		names = append(names, v.name)
	}
	return names
}

// show says what a pane shows.
func (p *speaker) show(what string) {
	name, err := command.OneOf("view", what, viewNames(), strings.HasPrefix)
	if err != nil {
		p.fail(fmt.Errorf("show: %w", err))
		return
	}
	for _, v := range views() {
		if v.name != name {
			continue
		}
		lines := v.lines(&p.sight)
		for _, line := range lines[:min(len(lines), mostLines)] {
			if line = strings.TrimRight(ansi.Strip(line), " "); line != "" {
				p.say(line)
			}
		}
		if more := len(lines) - mostLines; more > 0 {
			p.say(fmt.Sprintf("and %d more", more))
		}
	}
}

func servers(s *box.Sight) []string {
	var lines []string
	for i := range s.Snap.Servers {
		lines = append(lines, serverInFull(&s.Snap.Servers[i]))
	}
	return lines
}

func serverInFull(s *live.Server) string {
	text := fmt.Sprintf("%s, %s of the traffic, %s in flight, utilisation %s, p95 %s, %s requests, %s, %s",
		s.ID+" "+string(s.State), format.Percent(s.Share), words.InFlight(s), words.Utilisation(s), format.Millis(s.Window.P95MS), format.Count(s.Requests), words.Failures(s), words.Health(s.Health))
	if fault := words.Fault(s.Fault); fault != "" {
		text += ", fault: " + fault
	}
	return text
}

// regret is what the choices of who routes have cost, where that is known.
func regret(s *live.Snapshot) []string {
	r := s.Regret
	if r == nil {
		return nil
	}
	return []string{fmt.Sprintf("regret of %s: %s a request now, %s since it routes", words.Mode(s), format.Regret(r.NowMS), format.Regret(r.PhaseMS))}
}

// why is the latest decision in a sentence.
func why(s *box.Sight) []string {
	l := words.Learner(s.Snap)
	if l == nil || len(words.Decisions(s.Snap, l)) == 0 {
		return []string{"nothing has been decided yet"}
	}
	return []string{words.Why(s.Names(math.MaxInt), l, words.Decisions(s.Snap, l)[0])}
}

// table is the Q-table with a sentence for each row.
func table(s *live.Snapshot) []string {
	l := words.Learner(s)
	if l == nil || len(l.Table.Rows) == 0 {
		return []string{"nothing has been learned yet"}
	}
	role := "learns along"
	if l.Routing {
		role = "routes"
	}
	lines := []string{fmt.Sprintf("%s %s, %s states, %s updates; -1 is 10 ms, the value nearest to 0 is best", l.Name, role, format.Count(uint64(max(l.Table.States, 0))), format.Count(l.Table.Updates))}
	for _, r := range pane.MostUsed(l) {
		lines = append(lines, row(s, l, r))
	}
	return lines
}

func row(s *live.Snapshot, l *live.Learner, r *qlearn.Row) string {
	var values []string
	lastRow, lastServer := words.LastCell(s, l)
	for i := range s.Servers {
		if i >= len(r.Q) || i >= len(r.Visits) || r.Visits[i] == 0 {
			continue // not tried
		}
		text := fmt.Sprintf("%s %.1f", s.Servers[i].ID, format.Finite(r.Q[i]))
		if i == r.Best {
			text += " best"
		}
		if r.ID == lastRow && i == lastServer {
			text += " chosen last"
		}
		values = append(values, text)
	}
	return fmt.Sprintf("%s %s, %s visits%s", words.Situation(l), r.Label, format.Count(pane.Visits(r)), listed(values))
}

// The views of what is predicted, by the commands that ask for it.
const viewWhatIf, viewBack = "whatif", "back"

func viewOf(t dialog.Time) string {
	if t == dialog.Past {
		return viewBack
	}
	return viewWhatIf
}

// predicted is what a view is about, nil where there is none.
func predicted(view string, s *live.Snapshot) *live.WhatIf {
	switch view {
	case viewWhatIf:
		return s.WhatIf
	case viewBack:
		return s.LookBack
	}
	return nil
}

// whatIf has a sentence for each policy, best first. command is what asks for it.
func whatIf(s *live.Snapshot, w *live.WhatIf, command string) []string {
	switch {
	case w == nil:
		return []string{"nothing was asked yet: " + command + " asks"}
	case w.State == live.WhatIfRunning:
		return []string{fmt.Sprintf("%d of %d policies are done", len(w.Rows), w.Total)}
	case w.State == live.WhatIfFailed:
		return []string{w.Problem}
	}
	f := words.NewForecast(w, false)
	var lines []string
	for i := range f.Rows {
		r := &f.Rows[i]
		text := fmt.Sprintf("%s: mean %s, p99 %s, errors %s", words.PolicyOf(r), format.Millis(r.MeanMS), format.Millis(r.P99MS), format.Percent1(r.ErrorRate))
		if versus := f.Versus(i); versus != "" {
			text += ", " + versus
		}
		if f.WithinNoise(i) {
			text += ", within noise"
		}
		lines = append(lines, text)
	}
	if answer := f.Answer(); answer != "" {
		lines = append(lines, answer)
	}
	return append(lines, f.Situation(s)...)
}
