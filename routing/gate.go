package routing

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// gate is where requests wait, in order of arrival, for a place at a server. Nobody is handed a
// place: a wake-up makes the first in line try again. While nobody waits, it costs one atomic
// read a request. The zero value is ready to use.
type gate struct {
	length atomic.Int64 // of line, read without the lock

	mu   sync.Mutex
	line []chan struct{} // each holds one wake-up
}

// Waited is how a wait for a place ended.
type Waited uint8

// The ends of a wait.
const (
	WaitedWell   Waited = iota // there is a place, perhaps at once
	WaitedNobody               // no server is available: there is nothing to wait for
	WaitedLine                 // too many wait already
	WaitedLong                 // the time was up
	WaitedLeft                 // the context ended
)

// wait joins the line and calls try whenever its turn may have come, until that succeeds.
//
// No wake-up is lost: one who waits first joins, then tries; one who makes room first makes it,
// then wakes.
func (g *gate) wait(ctx context.Context, limit int, longest time.Duration, try func() bool) Waited {
	me := make(chan struct{}, 1)
	if !g.join(me, limit) {
		return WaitedLine
	}
	defer g.leave(me)
	timer := time.NewTimer(longest)
	defer timer.Stop()
	for {
		if g.first(me) && try() {
			return WaitedWell
		}
		select {
		case <-me:
		case <-timer.C:
			return WaitedLong
		case <-ctx.Done():
			return WaitedLeft
		}
	}
}

func (g *gate) empty() bool { return g.length.Load() == 0 }

// wake makes the first in line try again.
func (g *gate) wake() {
	if g.empty() {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wakeFirst()
}

func (g *gate) wakeFirst() {
	if len(g.line) > 0 {
		select {
		case g.line[0] <- struct{}{}:
		default: // it has a wake-up already
		}
	}
}

func (g *gate) join(me chan struct{}, limit int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.line) >= limit {
		return false
	}
	g.line = append(g.line, me)
	g.length.Add(1)
	return true
}

// leave wakes the next: there may be room for more than one.
func (g *gate) leave(me chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, c := range g.line {
		if c == me {
			g.line = append(g.line[:i], g.line[i+1:]...)
			break
		}
	}
	g.length.Add(-1)
	g.wakeFirst()
}

func (g *gate) first(me chan struct{}) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.line[0] == me
}
