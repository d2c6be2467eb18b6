package routing

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"slbtui/routing/policy"
)

// Pool holds the upstreams: who is up, what is in flight, how fast they answer. It is safe for
// concurrent use, and its upstreams do not change.
type Pool struct {
	start     time.Time
	outlier   OutlierConfig
	slowStart SlowStartConfig
	limits    LimitsConfig
	seed      uint64
	upstreams []*upstream
	onChange  atomic.Pointer[func(Change)]

	ejecting sync.Mutex   // one ejection at a time, so that their share is kept
	failOpen atomic.Bool  // too few servers are left: see OutlierConfig.PanicThreshold
	lacked   atomic.Int64 // when people were last told of a shortage
	*crowd
}

// PoolOption adds to a pool what it can do without.
type PoolOption func(*Pool)

// WithOutlier ejects servers that fail their requests.
func WithOutlier(c OutlierConfig) PoolOption { return func(p *Pool) { p.outlier = c } }

// WithSlowStart raises the share of a server that comes back step by step. The seed is that of its draws.
func WithSlowStart(c SlowStartConfig, seed uint64) PoolOption {
	return func(p *Pool) { p.slowStart, p.seed = c, seed }
}

// WithLimits bounds what is in flight.
func WithLimits(c LimitsConfig) PoolOption { return func(p *Pool) { p.limits = c } }

// NewPool makes a pool whose clock starts now; h is the health of those upstreams that have none of their own. It
// fails on a repeated id, a URL that names no server, or a configuration out of range. A pool without
// servers is one whose servers are yet to be found.
func NewPool(ups []UpstreamConfig, h HealthConfig, opts ...PoolOption) (*Pool, error) {
	p := &Pool{start: time.Now(), crowd: &crowd{}}
	for _, o := range opts {
		o(p)
	}
	if err := errors.Join(h.check(), p.outlier.check(), p.slowStart.check(), p.limits.check()); err != nil {
		return nil, err
	}
	for _, c := range ups {
		u, err := newUpstream(c, h)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(p.upstreams, func(o *upstream) bool { return o.id == u.id }) {
			return nil, fmt.Errorf("upstream %s: the id is taken: give each server its own", u.id)
		}
		u.pool, u.seed = p, p.seed+uint64(len(p.upstreams))
		p.upstreams = append(p.upstreams, u)
	}
	return p, nil
}

// Now is the time since NewPool; it never runs backwards.
func (p *Pool) Now() time.Duration { return time.Since(p.start) }

// Since tells a moment on the pool's clock.
func (p *Pool) Since(t time.Time) time.Duration { return t.Sub(p.start) }

// Status describes every upstream, in order.
func (p *Pool) Status() []UpstreamStatus {
	now := p.Now()
	all := make([]UpstreamStatus, len(p.upstreams))
	for i, u := range p.upstreams {
		var back bool
		if all[i], back = u.status(now); back {
			p.announceReturn(u)
		}
	}
	return all
}

// Use tells what a request would find now: servers in use, others that are used for want of them, or none.
func (p *Pool) Use() Use {
	var count [numStandings]int
	now := p.Now()
	for _, u := range p.upstreams {
		s, back := u.usual(now)
		if back {
			p.announceReturn(u)
		}
		count[s]++
	}
	switch {
	case count[standingIn] > 0 && !p.tooFew(&count):
		return UsePlain
	case count[standingIn] > 0, count[standingFallback] > 0 && p.tooFew(&count):
		return UseAny
	}
	return UseNone
}

// answered books an outcome and announces the server's exit if this failure was one too many.
func (p *Pool) answered(server int, f Flight, o policy.Outcome, streams bool) {
	u := p.upstreams[server]
	down, outlies := u.answered(f, o, streams)
	if down {
		p.announce(u.id, StateDown, "requests get no connection")
	}
	if outlies {
		u.home().eject(u, o.Now)
	}
}

// Polled takes in a health poll.
func (p *Pool) Polled(server int, c Poll) {
	u := p.upstreams[server]
	now := p.Now()
	u.mu.Lock()
	changed := u.health.checked(now, c, u.polls)
	state := StateUp
	if !u.health.up {
		state = StateDown
		u.warming.leave(now)
	} else if changed {
		u.warmUp(now)
	}
	u.unlock()
	if changed {
		p.announce(u.id, state, c.Reason)
	}
}

func (p *Pool) announce(id string, s State, reason string) {
	p.waiters.wake() // a server may have come back
	if f := p.onChange.Load(); f != nil {
		(*f)(Change{ID: id, State: s, Reason: reason})
	}
}

func (p *Pool) announceReturn(u *upstream) { p.announce(u.id, StateUp, "ejection is over") }
