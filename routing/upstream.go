package routing

import (
	"fmt"
	"math"
	"net/url"
	"sync"
	"time"

	"slbtui/routing/policy"
	"slbtui/routing/transport"
)

// UpstreamConfig is one server behind the balancer.
type UpstreamConfig struct {
	ID      string        // unique, not empty
	URL     *url.URL      // http or https, whose path is put before that of each request; or unix:/path of a socket
	Weight  float64       // share under weighted policies; 0 means 1
	Health  *HealthConfig // how it is polled; nil: as the others
	Leaving bool          // takes no new requests, for those who find servers; an operator's drain stands apart
}

// UpstreamStatus is what the pool knows of one upstream.
type UpstreamStatus struct {
	ID         string
	Host       string        // host and port of its URL, or unix:/path
	Up         bool          // as far as health polling goes
	InFlight   int           // requests handed to it and not yet completed
	Streaming  int           // of those, the ones whose answer goes on
	OldestAge  time.Duration // of the oldest of those; 0 when there is none
	ResponseMS float64       // recent average, see FadingAverage
	CPU        float64       // percent as it last reported, -1 when it reports none
	Health     string        // what it last said of itself, such as "healthy"; "" when unknown
	Requests   uint64        // completed attempts, failed ones included
	Failures   uint64        // of those, the ones the server failed
	Since      time.Duration // when Up last changed, on the pool's clock
	State      State         // what the pool makes of all this
	Ejected    bool          // out for failing its requests
	EjectedFor time.Duration // until it returns; 0 when it is not ejected
	Ejections  uint64        // since the start
	Draining   bool          // takes no new requests, by order
}

// upstream is one server's record. The lock is held for a few dozen instructions at a time.
type upstream struct {
	id     string
	url    *url.URL
	weight float64
	pool   *Pool
	seed   uint64 // of the slow start
	glance glance

	mu       sync.Mutex
	polls    HealthConfig
	flights  Tracker
	response FadingAverage
	health   healthState
	outlier  outlier
	warming  slowStart
	draining bool
	leaving  bool
	requests uint64
	failures uint64
}

func newUpstream(c UpstreamConfig, polls HealthConfig) (*upstream, error) {
	switch {
	case c.ID == "":
		return nil, fmt.Errorf("upstream %s: it needs an id", c.URL.Redacted())
	case !transport.IsServer(c.URL):
		return nil, fmt.Errorf("upstream %s: %s is not the URL of a server: give http://host:port or unix:/path", c.ID, c.URL.Redacted())
	case c.Weight < 0 || math.IsNaN(c.Weight) || math.IsInf(c.Weight, 0):
		return nil, fmt.Errorf("upstream %s: weight %v must be above 0", c.ID, c.Weight)
	}
	if c.Health != nil {
		polls = *c.Health
		if err := polls.check(); err != nil {
			return nil, fmt.Errorf("upstream %s: %w", c.ID, err)
		}
	}
	u := &upstream{id: c.ID, url: c.URL, weight: c.Weight, polls: polls, leaving: c.Leaving, health: newHealthState()}
	if u.weight == 0 {
		u.weight = 1
	}
	u.publish()
	return u, nil
}

// begin counts one more request, unless the server is at its limit: the view may have been an instant old.
func (u *upstream) begin(now time.Duration) (Flight, bool) {
	u.mu.Lock()
	defer u.unlock()
	if limit := u.pool.limits.PerServer; limit > 0 && u.flights.InFlight() >= limit {
		return Flight{}, false
	}
	return u.flights.Begin(now), true
}

// answered books the outcome of a request and, when it streams on, leaves it in flight. It tells
// whether the server is down from now on, and whether it ought to be ejected.
func (u *upstream) answered(f Flight, o policy.Outcome, streams bool) (down, outlies bool) {
	u.mu.Lock()
	defer u.unlock()
	if streams {
		u.flights.Stream(f)
	} else {
		u.flights.End(f)
	}
	u.requests++
	if o.Failed() {
		u.failures++
	}
	switch {
	case o.Measured():
		u.response.Add(o.Now, float64(o.Latency)/float64(time.Millisecond))
	case o.Refused():
		u.response.Hold(o.Now)
	}
	outlies = u.outlier.record(o, &u.pool.outlier)
	switch {
	case u.polls.Path == "" || o.Cancelled:
	case o.Failure == policy.FailureConnect:
		if down = u.health.refused(o.Now, u.polls); down {
			u.warming.leave(o.Now)
		}
	case o.Status > 0:
		u.health.refusals = 0
	}
	return down, outlies
}

func (u *upstream) end(f Flight) {
	u.mu.Lock()
	defer u.unlock()
	u.flights.End(f)
}

// view describes the server to a policy, and tells whether it has just returned from an ejection.
func (u *upstream) view(v *policy.ServerView, now time.Duration) (s standing, back bool) {
	u.mu.Lock()
	defer u.unlock()
	back = u.restored(now)
	v.OldestAge = u.flights.OldestAge(now)
	v.InFlight, v.Streaming = u.flights.InFlight(), u.flights.Streaming()
	v.Reachable = u.health.reachable
	v.CPU = u.health.cpu
	v.ResponseMS = u.response.At(now)
	v.Weight = u.weight
	s = u.standing(now, v.InFlight)
	v.Available = s == standingIn
	return s, back
}

func (u *upstream) standing(now time.Duration, inFlight int) standing {
	limit, s := u.pool.limits.PerServer, u.lasting()
	switch {
	case s != standingIn:
		return s
	case limit > 0 && inFlight >= limit:
		return standingFull
	case !u.warming.admits(now):
		return standingWarming
	}
	return standingIn
}

// lasting is the standing without what passes from one request to the next.
func (u *upstream) lasting() standing {
	switch {
	case u.draining || u.leaving:
		return standingDrained
	case !u.health.up && !u.health.reachable:
		return standingOut
	case !u.health.up || u.outlier.ejected:
		return standingFallback
	}
	return standingIn
}

// usual is the lasting standing, and whether the server has just returned from an ejection.
func (u *upstream) usual(now time.Duration) (s standing, back bool) {
	u.mu.Lock()
	defer u.unlock()
	back = u.restored(now)
	return u.lasting(), back
}

// restored ends an ejection whose time is over, and tells whether it did.
func (u *upstream) restored(now time.Duration) bool {
	if !u.outlier.due(now) {
		return false
	}
	u.outlier.restore(now, &u.pool.outlier)
	u.warmUp(now)
	return true
}

// warmUp begins the slow start, unless something else keeps the server out.
func (u *upstream) warmUp(now time.Duration) {
	if u.lasting() == standingIn {
		u.warming.begin(now, u.pool.slowStart.Window, u.seed)
	}
}

func (u *upstream) state() State {
	switch {
	case u.draining || u.leaving:
		return StateDraining
	case !u.health.up:
		return StateDown
	case u.outlier.ejected:
		return StateEjected
	}
	return StateUp
}

// status describes the server to people, and tells whether it has just returned from an ejection.
func (u *upstream) status(now time.Duration) (s UpstreamStatus, back bool) {
	u.mu.Lock()
	defer u.unlock()
	back = u.restored(now)
	age := u.flights.OldestAge(now)
	s = UpstreamStatus{
		ID: u.id, Host: transport.Place(u.url), Up: u.health.up,
		InFlight: u.flights.InFlight(), Streaming: u.flights.Streaming(), OldestAge: age, ResponseMS: u.response.At(now),
		CPU: u.health.cpu, Health: u.health.said,
		Requests: u.requests, Failures: u.failures, Since: u.health.since,
		State: u.state(), Ejected: u.outlier.ejected, Ejections: u.outlier.total, Draining: u.draining,
	}
	if s.Ejected {
		s.EjectedFor = u.outlier.until - now
	}
	return s, back
}
