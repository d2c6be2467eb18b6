package routing

import (
	"math"
	"sync/atomic"
	"time"

	"slbtui/routing/policy"
)

// glance is what a view needs to know of a server in plain use: up, and neither ejected, drained nor
// warming up. It is published under the upstream's lock and read without, since every pick looks at
// every server. Its parts may be an instant apart, as those of different servers are.
type glance struct {
	inFlight atomic.Int64  // -1 when there is more to know: look under the lock
	streams  atomic.Int64  // those of them that stream
	oldest   atomic.Int64  // when the oldest in flight began, on the pool's clock; nothingAges when none ages
	cpu      atomic.Uint64 // bits of ServerView.CPU
	weight   atomic.Uint64 // bits of ServerView.Weight
}

const nothingAges = math.MaxInt64

// publish is called with the lock held when anything may have changed. What has not is not written: a
// write takes the cache line away from those who read.
func (u *upstream) publish() {
	inFlight, oldest := int64(-1), int64(nothingAges)
	if u.health.up && u.health.reachable && !u.outlier.ejected && !u.draining && !u.leaving && u.warming.window == 0 {
		inFlight = int64(u.flights.InFlight())
	}
	if begin, ok := u.flights.oldest(); ok {
		oldest = int64(begin)
	}
	if u.glance.inFlight.Load() != inFlight {
		u.glance.inFlight.Store(inFlight)
	}
	if streams := int64(u.flights.Streaming()); u.glance.streams.Load() != streams {
		u.glance.streams.Store(streams)
	}
	if u.glance.oldest.Load() != oldest {
		u.glance.oldest.Store(oldest)
	}
	if cpu := math.Float64bits(u.health.cpu); u.glance.cpu.Load() != cpu {
		u.glance.cpu.Store(cpu)
	}
	if weight := math.Float64bits(u.weight); u.glance.weight.Load() != weight {
		u.glance.weight.Store(weight)
	}
}

// unlock is what ends every change.
func (u *upstream) unlock() {
	u.publish()
	u.mu.Unlock()
}

// read fills v, but for ResponseMS, and tells whether the glance was enough. limit is of the requests
// in flight, 0 without.
func (g *glance) read(v *policy.ServerView, now time.Duration, limit int) (s standing, enough bool) {
	n := g.inFlight.Load()
	if n < 0 {
		return 0, false
	}
	age := max(0, now-time.Duration(g.oldest.Load())) // nothingAges lies ahead
	if age > FlightLifetime {
		return 0, false // it expires
	}
	s = standingIn
	if limit > 0 && int(n) >= limit {
		s = standingFull
	}
	*v = policy.ServerView{
		InFlight: int(n), Streaming: min(int(g.streams.Load()), int(n)), OldestAge: age, Available: s == standingIn, Reachable: true,
		CPU: math.Float64frombits(g.cpu.Load()), Weight: math.Float64frombits(g.weight.Load()),
	}
	return s, true
}
