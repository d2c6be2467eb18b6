package tui

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

// playable names the scenarios that this run can play, and stop while one is being played.
func (m *Model) playable() []string {
	var names []string
	for _, s := range m.snap.Scenarios {
		if s.Refused == "" {
			names = append(names, s.Name)
		}
	}
	if m.snap.Scenario != nil {
		names = append(names, "stop")
	}
	return names
}

func readScenario(m *Model, args []string) (deed, error) {
	switch {
	case len(args) == 0:
		return (*Model).askScenario, nil
	case args[0] == "stop":
		if m.snap.Scenario == nil {
			return nil, errors.New("no scenario is being played")
		}
		return orderOf(live.StopScenario{}), nil
	}
	for _, s := range m.snap.Scenarios {
		if s.Name == args[0] && s.Refused != "" {
			return nil, errors.New(s.Refused)
		}
	}
	name, err := oneOf("scenario", args[0], m.playable(), strings.HasPrefix)
	if err != nil {
		return nil, err
	}
	return orderOf(live.PlayScenario{Name: name}), nil
}

// askScenario lets one of the scenarios be chosen.
func (m *Model) askScenario() tea.Cmd {
	var items []item
	for _, s := range m.snap.Scenarios {
		if s.Refused == "" {
			items = append(items, item{s.Name, s.About})
		}
	}
	if len(items) == 0 {
		why := "the engine names no scenarios yet"
		if len(m.snap.Scenarios) > 0 {
			why = m.snap.Scenarios[0].Refused
		}
		return m.complain(why)
	}
	at := max(0, slices.IndexFunc(items, func(it item) bool { return m.snap.Scenario != nil && it.name == m.snap.Scenario.Name }))
	m.openOld(&list{heading: "Which scenario?", items: items, at: at, chosen: func(i int) answer {
		return answer{close: true, cmd: live.PlayScenario{Name: items[i].name}}
	}})
	return nil
}

// timeline is the line under the header: how far the scenario is, what is on and what comes next.
func (m *Model) timeline(w int) string {
	t, s := m.theme, m.snap.Scenario
	head := " " + t.Title.On(format.Printable(s.Name)) + " " + format.Clock(s.Elapsed) + t.Dim.On("/"+format.Clock(s.Duration)) + " "
	news := " " + m.news()
	if w < 60 { // words say more than a bar as short as that
		head = " " + t.Title.On(format.Printable(s.Name)) + " " + format.Clock(s.Elapsed)
		return format.Fit(head+ansi.Truncate(news, max(w-ansi.StringWidth(head), 0), t.Glyphs.Ellipsis), w)
	}
	bar := w - ansi.StringWidth(head) - ansi.StringWidth(news) - 1
	bar = min(max(bar, 8), 40, max(w-ansi.StringWidth(head), 0))
	return format.Fit(head+m.progress(bar)+ansi.Truncate(news, max(w-ansi.StringWidth(head)-bar, 0), t.Glyphs.Ellipsis), w)
}

// news is the fault that is on, when it ends, and the next one.
func (m *Model) news() string {
	t, s := m.theme, m.snap.Scenario
	var on, due []string
	for _, step := range s.Steps {
		what := format.Printable(step.Server + " " + step.What)
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
func (m *Model) progress(w int) string {
	t, s := m.theme, m.snap.Scenario
	var b strings.Builder
	for x := range w {
		from, to := s.Duration*time.Duration(x)/time.Duration(w), s.Duration*time.Duration(x+1)/time.Duration(w)
		harm := slices.ContainsFunc(s.Steps, func(step live.ScenarioStep) bool {
			return step.At < to && step.At+step.For > from
		})
		shade, ink := 0, t.Border
		if s.Elapsed >= to {
			shade, ink = 2, t.Good
		}
		if harm {
			shade, ink = shade+1, t.Warn
		}
		b.WriteString(ink.On(t.Glyphs.Shades[shade]))
	}
	return b.String()
}
