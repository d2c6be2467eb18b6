package engine

import "slbtui/engine/play"

// theatre is the run as far as a scenario can touch it: a play.Stage, for the control goroutine.
type theatre struct {
	*journal
	*load
	*simulated
}

var _ play.Stage = theatre{}
