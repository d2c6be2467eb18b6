package words

import (
	"errors"
	"fmt"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

// Learner returns the learner that the controls act on: the one that routes, otherwise the one
// that t would switch to. Nil when there is none.
func Learner(s *live.Snapshot) *live.Learner {
	chosen := -1
	for i := range s.Learners {
		l := &s.Learners[i]
		if l.Name == s.Policy {
			return l
		}
		if l.Name == s.RL {
			chosen = i
		}
	}
	if chosen < 0 {
		return nil
	}
	return &s.Learners[chosen]
}

// Param returns the learner that the controls act on and its parameter of that name, or says what there is
// not.
func Param(s *live.Snapshot, name string) (*live.Learner, *live.Param, error) {
	l := Learner(s)
	if l == nil {
		return nil, nil, errors.New("there is no learner to tune")
	}
	for i := range l.Params {
		if l.Params[i].Name == name {
			return l, &l.Params[i], nil
		}
	}
	return nil, nil, fmt.Errorf("%s has no %s", l.Name, name)
}

// Agreement tells whether the learner decides, or how often it would decide as who does.
func Agreement(l *live.Learner) string {
	switch {
	case l.Routing:
		return "routes"
	case l.Idle:
		return "idle: learns when it routes"
	}
	return "learns along, agrees " + format.Percent(l.Agreement)
}

// Situation stands over the labels of the rows.
func Situation(l *live.Learner) string {
	if l.Table.Kind == "factored" {
		return "in flight"
	}
	return "state"
}

// Watches tells whether a learner decides only for itself, while another policy routes.
func Watches(l *live.Learner) bool { return !l.Routing && !l.Idle }
