package tui

import (
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
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
