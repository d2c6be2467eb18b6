package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// plainWidth and mostLines bound what is said at once.
const plainWidth, mostLines = 100, 25

// view is a pane in words.
type view struct {
	name  string
	lines func(m *Model) []string
}

func views() []view {
	return []view{
		{"servers", func(m *Model) []string {
			var lines []string
			for i := range m.snap.Servers {
				lines = append(lines, serverInFull(&m.snap.Servers[i]))
			}
			return lines
		}},
		{"comparison", func(m *Model) []string { return append(m.versus(plainWidth), m.regretInWords()...) }},
		{"table", (*Model).tableInWords},
		{"why", (*Model).whyInWords},
		{"whatif", (*Model).whatIfInWords},
		{"events", func(m *Model) []string {
			s := m.sightOf(paneEvents)
			_, lines := m.panes[paneEvents].Draw(&s, plainWidth, mostLines)
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
	name, err := oneOf("view", what, viewNames(), strings.HasPrefix)
	if err != nil {
		p.say("error: show: " + err.Error())
		return
	}
	for _, v := range views() {
		if v.name != name {
			continue
		}
		lines := v.lines(p.m)
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

func serverInFull(s *live.Server) string {
	text := fmt.Sprintf("%s, %s of the traffic, %s in flight, utilisation %s, p95 %s, %s requests, %s failed, %s",
		s.ID+" "+string(s.State), format.Percent(s.Share), words.InFlight(s), words.Utilisation(s), format.Millis(s.Window.P95MS), format.Count(s.Requests), format.Count(s.Failures), words.Health(s.Health))
	if fault := words.Fault(s.Fault); fault != "" {
		text += ", fault: " + fault
	}
	return text
}

// regretInWords is what the choices of who routes have cost, where that is known.
func (m *Model) regretInWords() []string {
	r := m.snap.Regret
	if r == nil {
		return nil
	}
	return []string{fmt.Sprintf("regret of %s: %s a request now, %s since it routes", words.Mode(m.snap), format.Regret(r.NowMS), format.Regret(r.PhaseMS))}
}

// whyInWords is the latest decision in a sentence.
func (m *Model) whyInWords() []string {
	l := m.learner()
	if l == nil || len(words.Decisions(m.snap, l)) == 0 {
		return []string{"nothing has been decided yet"}
	}
	return []string{words.Why(m.snap, l, words.Decisions(m.snap, l)[0])}
}

// tableInWords is the Q-table with a sentence for each row.
func (m *Model) tableInWords() []string {
	l := m.learner()
	if l == nil || len(l.Table.Rows) == 0 {
		return []string{"nothing has been learned yet"}
	}
	role := "in shadow"
	if l.Routing {
		role = "routes"
	}
	lines := []string{fmt.Sprintf("%s %s, %s states, %s updates; -1 is 10 ms, the value nearest to 0 is best", l.Name, role, format.Count(uint64(max(l.Table.States, 0))), format.Count(l.Table.Updates))}
	for _, r := range m.qrows(l) {
		lines = append(lines, m.rowInWords(l, r))
	}
	return lines
}

func (m *Model) rowInWords(l *live.Learner, r *qlearn.Row) string {
	var values []string
	lastRow, lastServer := words.LastCell(m.snap, l)
	for i := range m.snap.Servers {
		if i >= len(r.Q) || i >= len(r.Visits) || r.Visits[i] == 0 {
			continue // not tried
		}
		text := fmt.Sprintf("%s %.1f", m.snap.Servers[i].ID, format.Finite(r.Q[i]))
		if i == r.Best {
			text += " best"
		}
		if r.ID == lastRow && i == lastServer {
			text += " chosen last"
		}
		values = append(values, text)
	}
	return fmt.Sprintf("%s %s, %s visits%s", words.Situation(l), r.Label, format.Count(visits(r)), listed(values))
}

// whatIfInWords has a sentence for each policy, best first.
func (m *Model) whatIfInWords() []string {
	w := m.latest.WhatIf
	switch {
	case w == nil:
		return []string{"nothing was asked yet: whatif asks"}
	case w.State == "running":
		return []string{fmt.Sprintf("%d of %d policies are done", len(w.Rows), w.Total)}
	case w.State == "failed":
		return []string{w.Problem}
	}
	f := words.NewForecast(w, false)
	var lines []string
	for i := range f.Rows {
		r := &f.Rows[i]
		lines = append(lines, fmt.Sprintf("%s: mean %s, p99 %s, errors %s, %s", words.PolicyOf(r), format.Millis(r.MeanMS), format.Millis(r.P99MS), format.Percent1(r.ErrorRate), f.Against(i)))
	}
	return append(lines, f.Situation(m.latest.At, m.latest.Load.Lagging)...)
}
