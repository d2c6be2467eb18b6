// Package flow draws requests on their way from clients through a policy to servers: lines as thick as there
// is traffic, and dots that travel along them. It knows inks and cells, no engine and no pane, and has no
// goroutine.
package flow

import (
	"slbtui/tui/theme"
)

// Picture is what flows where.
type Picture struct {
	Rate     float64 // requests/s of all
	Policy   string  // who routes
	Branches []Branch
}

// Branch is where a part of the requests goes: a server, or several that stand together.
type Branch struct {
	Name     string
	Ink      theme.Ink
	Rate     float64 // requests/s
	State    State
	Word     string    // for the state, "" where all is well
	WordInk  theme.Ink // of the word
	Busy     int       // worker slots
	Workers  int       // worker slots in all, 0 when not known
	Waiting  int       // requests that wait for a slot
	Notes    []string  // what else there is to say, as many as there is room for
	More     string    // on a line below, where there is room
	Selected bool
}

// State is how requests get along a branch.
type State int

// The states of a branch.
const (
	Open     State = iota
	Thinning       // something is wrong at its end
	Broken         // it takes none
)

// Top is the rate of the branch that has most.
func (p *Picture) top() float64 {
	top := 0.0
	for i := range p.Branches {
		top = max(top, p.Branches[i].Rate)
	}
	return top
}

// thickness is that of a branch among others, of which the thickest has so much.
func thickness(rate, top float64) int {
	switch {
	case rate <= 0 || top <= 0:
		return 0
	case rate < 0.2*top:
		return 1
	case rate < 0.6*top:
		return 2
	}
	return 3
}
