package fit

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"slbtui/engine/simulate"
)

// Change is what would have been otherwise. The zero value changes nothing.
type Change struct {
	Speed   float64        // so many times the traffic; 0 is 1
	Without []string       // servers that would not have been there
	Slots   map[string]int // how many a server would have served at once
}

// ErrChange is the reason of errors about a change that this log's servers cannot have.
var ErrChange = errors.New("what if")

// Words tell the change, for a report.
func (c Change) Words() (words []string) {
	if c.speed() != 1 {
		words = append(words, fmt.Sprintf("predicted at %.4g times the traffic, its periods as much shorter", c.speed()))
	}
	if len(c.Without) > 0 {
		words = append(words, "predicted without "+strings.Join(c.Without, ", "))
	}
	for _, id := range slices.Sorted(maps.Keys(c.Slots)) {
		words = append(words, fmt.Sprintf("predicted with %d slots of %s", c.Slots[id], id))
	}
	return words
}

func (c Change) none() bool { return c.speed() == 1 && len(c.Without) == 0 && len(c.Slots) == 0 }

func (c Change) speed() float64 {
	if c.Speed > 0 {
		return c.Speed
	}
	return 1
}

// world is the scenario with the change.
func (c Change) world(sc simulate.Scenario) (simulate.Scenario, error) {
	ids := sc.ServerIDs()
	for _, id := range c.Without {
		if !slices.Contains(ids, id) {
			return sc, fmt.Errorf("%w: without %.60q: the log's servers are %.300s", ErrChange, id, strings.Join(ids, ", "))
		}
	}
	for id, n := range c.Slots {
		i := slices.Index(ids, id)
		switch {
		case i < 0:
			return sc, fmt.Errorf("%w: slots of %.60q: the log's servers are %.300s", ErrChange, id, strings.Join(ids, ", "))
		case n < 1 || n > 10_000:
			return sc, fmt.Errorf("%w: slots of %s: %d is not within 1-10000", ErrChange, id, n)
		}
		sc.Servers[i].Workers = n
	}
	gone := func(id string) bool { return slices.Contains(c.Without, id) }
	sc.Servers = slices.DeleteFunc(sc.Servers, func(s simulate.Server) bool { return gone(s.ID) })
	if len(sc.Servers) == 0 {
		return sc, fmt.Errorf("%w: without %s nobody is left to serve", ErrChange, strings.Join(c.Without, ", "))
	}
	sc.Faults = slices.DeleteFunc(sc.Faults, func(f simulate.Fault) bool { return gone(f.Server) })
	for i := range sc.Faults {
		sc.Faults[i].At, sc.Faults[i].For = c.faster(sc.Faults[i].At), c.faster(sc.Faults[i].For)
	}
	sc.Duration = c.faster(sc.Duration) + 1
	sc.Rate *= c.speed()
	return sc, nil
}

// hasten moves requests together.
func (c Change) hasten(trace []simulate.Request) {
	for i := range trace {
		trace[i].Due = c.faster(trace[i].Due)
	}
}

func (c Change) faster(t time.Duration) time.Duration { return time.Duration(float64(t) / c.speed()) }
