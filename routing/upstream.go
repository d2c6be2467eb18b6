package routing

import (
	"fmt"
	"math"
	"net/url"
	"sync"
	"time"
)

// UpstreamConfig is one server behind the balancer.
type UpstreamConfig struct {
	ID     string   // unique, not empty
	URL    *url.URL // http or https; a path in it is put before the path of each request
	Weight float64  // share under weighted policies; 0 means 1
}

// UpstreamStatus is what the pool knows of one upstream.
type UpstreamStatus struct {
	ID         string
	Host       string        // host and port of its URL
	Up         bool          // in use, as far as health polling goes
	InFlight   int           // requests handed to it and not yet completed
	OldestAge  time.Duration // of the oldest of those; 0 when there is none
	ResponseMS float64       // recent average, see FadingAverage
	CPU        float64       // percent as it last reported, -1 when it reports none
	Health     string        // what it last said of itself, such as "healthy"; "" when unknown
	Requests   uint64        // completed attempts, failed ones included
	Failures   uint64        // of those, the ones the server failed
	Since      time.Duration // when Up last changed, on the pool's clock
}

// upstream is one server's record. The lock is held for a few dozen instructions at a time.
type upstream struct {
	id     string
	url    *url.URL
	weight float64

	mu       sync.Mutex
	flights  Tracker
	response FadingAverage
	health   healthState
	requests uint64
	failures uint64
}

func newUpstream(c UpstreamConfig) (*upstream, error) {
	switch {
	case c.ID == "":
		return nil, fmt.Errorf("upstream %v: it needs an id", c.URL)
	case c.URL == nil || c.URL.Host == "" || (c.URL.Scheme != "http" && c.URL.Scheme != "https"):
		return nil, fmt.Errorf("upstream %s: %v is not the URL of a server: give http://host:port", c.ID, c.URL)
	case c.Weight < 0 || math.IsNaN(c.Weight) || math.IsInf(c.Weight, 0):
		return nil, fmt.Errorf("upstream %s: weight %v must be above 0", c.ID, c.Weight)
	}
	u := &upstream{id: c.ID, url: c.URL, weight: c.Weight, health: newHealthState()}
	if u.weight == 0 {
		u.weight = 1
	}
	return u, nil
}

func (u *upstream) begin(now time.Duration) Flight {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.flights.Begin(now)
}

// answered books the outcome of a request and, when it streams on, leaves it in flight.
func (u *upstream) answered(f Flight, o Outcome, streams bool, h HealthConfig) (changed bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if streams {
		u.flights.Settle(f)
	} else {
		u.flights.End(f)
	}
	u.requests++
	if o.Failed() {
		u.failures++
	}
	if o.Measured() {
		u.response.Add(o.Now, float64(o.Latency)/float64(time.Millisecond))
	}
	switch {
	case h.Path == "" || o.Cancelled:
	case o.Failure == FailureConnect:
		return u.health.refused(o.Now, h)
	case o.Status > 0:
		u.health.refusals = 0
	}
	return false
}

func (u *upstream) end(f Flight) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.flights.End(f)
}

func (u *upstream) view(v *ServerView, now time.Duration) {
	u.mu.Lock()
	defer u.mu.Unlock()
	v.OldestAge = u.flights.OldestAge(now)
	v.InFlight = u.flights.InFlight()
	v.Available = u.health.up
	v.Reachable = u.health.reachable
	v.CPU = u.health.cpu
	v.ResponseMS = u.response.At(now)
	v.Weight = u.weight
}

func (u *upstream) status(now time.Duration) UpstreamStatus {
	u.mu.Lock()
	defer u.mu.Unlock()
	age := u.flights.OldestAge(now)
	return UpstreamStatus{
		ID: u.id, Host: u.url.Host, Up: u.health.up,
		InFlight: u.flights.InFlight(), OldestAge: age, ResponseMS: u.response.At(now),
		CPU: u.health.cpu, Health: u.health.said,
		Requests: u.requests, Failures: u.failures, Since: u.health.since,
	}
}
