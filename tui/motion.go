package tui

import "time"

// motion is the clock of what moves by itself. It stands still where the user wants that, while the view
// is frozen, and while frames cost so much that the engine, which has to share the CPU, would feel it.
type motion struct {
	off  bool
	last time.Time // the frame before
	at   time.Duration
	cost time.Duration // of a frame, over the last dozen
	rest int           // frames to come without motion
}

const (
	dearFrame = 5 * time.Millisecond // at 8 frames a second 4 % of a core
	calmFor   = 80                   // frames
	longStep  = time.Second          // between frames is a pause, not motion
)

// moment is the time of what moves, 0 while nothing does.
func (c *motion) moment() time.Duration {
	if c.off || c.rest > 0 {
		return 0
	}
	return c.at
}

// step goes on to the frame of that time.
func (c *motion) step(now time.Time) {
	if d := now.Sub(c.last); !c.last.IsZero() && d > 0 && d < longStep {
		c.at += d
	}
	c.last = now
	c.rest = max(c.rest-1, 0)
}

// drawn hears what a frame has cost.
func (c *motion) drawn(cost time.Duration) {
	c.cost += (cost - c.cost) / 12
	if c.cost > dearFrame {
		c.rest, c.cost = calmFor, 0
	}
}
