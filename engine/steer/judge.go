package steer

import (
	"fmt"
	"slices"
	"time"

	"slbtui/engine/metrics"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy/weights"
)

// worthTelling is by how much a weight has to change for an event about it.
const worthTelling = 15

// judge makes wishes of what was learned, and tells of them. It is used by one goroutine.
type judge struct {
	steerer weights.Steerer
	servers []string
	given   []weights.Weight
	told    map[string]weights.Weight
}

// decide works the weights out where it is time for it, else it returns nil. urgent tells that a server has begun to
// fail, or fails no more.
func (j *judge) decide(now time.Duration, o *observer) (wishes map[string]wish, urgent bool) {
	servers, services := o.Known()
	before := j.given
	if !slices.Equal(servers, j.servers) { // others may be as many
		j.steerer, j.servers, before = weights.Steerer{}, servers, nil
	}
	if !j.steerer.Update(now, func() []factored.Service { return services }) {
		return nil, false
	}
	j.given = j.steerer.Weights()
	wishes = make(map[string]wish, len(servers))
	for i, name := range servers {
		w := j.given[i]
		wishes[name] = wish{w, maxConnOf(w)}
		urgent = urgent || i < len(before) && (w.Value == 0) != (before[i].Value == 0)
	}
	return wishes, urgent
}

// tell leaves an event for each weight that has changed by much, or for another reason.
func (j *judge) tell(e *Engine) {
	if j.told == nil {
		j.told = map[string]weights.Weight{}
	}
	verb := "gets"
	if e.opts.Means == ReadOnly {
		verb = "would get"
	}
	next := make(map[string]weights.Weight, len(j.servers))
	for i, name := range j.servers {
		w := j.given[i]
		last, known := j.told[name]
		next[name] = last
		switch {
		case !known || last.Reason == weights.Learning && w.Reason == weights.Learning:
			next[name] = w
			continue
		case w.Reason == last.Reason && abs(w.Value-last.Value) < worthTelling:
			continue
		case w.Reason != weights.Fails && last.Reason != weights.Fails && abs(w.Value-last.Value) < worthTelling/3:
			continue
		}
		next[name] = w
		e.event(metrics.EventSteer, name, fmt.Sprintf("%s %s weight %d: %s", name, verb, w.Value, why(w)))
	}
	j.told = next
}

func abs(n int) int { return max(n, -n) }
