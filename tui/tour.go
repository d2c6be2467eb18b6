package tui

import (
	tea "charm.land/bubbletea/v2"

	"slbtui/tui/tour"
)

// What is remembered of the tour: that it goes on at the next start, or that it is over.
const (
	tourOn   = "on"
	tourOver = "over"
)

// touring tells whether the strip of the tour is shown.
func (m *Model) touring() bool {
	if m.tour == nil {
		return false
	}
	s := m.sight()
	return tour.Possible(&s)
}

// beginTour leads through the first minutes, again if need be.
func (m *Model) beginTour() tea.Cmd {
	if m.tour = (&tour.Tour{}); !m.touring() {
		m.tour = nil
		return m.complain("the tour needs a load, a learner and a simulated server, and may not be read-only")
	}
	m.say(false, "the tour is above this line; esc ends it")
	return m.prefer("tour", tourOn)
}

// lookAtTour ticks off what was done.
func (m *Model) lookAtTour() tea.Cmd {
	if m.touring() && m.tour.Look(m.snap) {
		return m.endTour()
	}
	return nil
}

func (m *Model) endTour() tea.Cmd {
	m.tour = nil
	m.say(false, "the tour is over; :tour brings it back")
	return m.prefer("tour", tourOver)
}
