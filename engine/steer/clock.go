package steer

import "time"

const (
	// lateness is how much later than others a line may come before it is the clocks that are taken to differ: a log
	// that is written in blocks is late by seconds, daylight saving by an hour.
	lateness = 30 * time.Second
	// forgetIn is how long the soonest line counts at least: clocks drift.
	forgetIn = time.Minute
)

// clock places what the log's clock says on that of the run. The log has local times without a zone, may be that of
// another machine, and comes later than it was written: of all lines the one that came soonest tells the difference.
type clock struct {
	known          bool
	before, latest time.Duration // the least lateness of the last turn and of this one: that of the clocks, and of the way
	turned         time.Duration
}

// place returns when something happened that the log says was at logged, of which the line came at came.
func (c *clock) place(logged, came time.Duration) time.Duration {
	late := came - logged
	switch {
	case !c.known || late > min(c.before, c.latest)+lateness:
		*c = clock{known: true, before: late, latest: late, turned: came}
	case came-c.turned > forgetIn:
		c.before, c.latest, c.turned = c.latest, late, came
	default:
		c.latest = min(c.latest, late)
	}
	return min(came, logged+min(c.before, c.latest))
}
