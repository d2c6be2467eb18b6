package policy

import (
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// peakTau is how fast a latency is forgotten: to 1/e in so much time.
	peakTau = 10 * time.Second
	// peakPenalty is the score of a server that is busy with its first request, in ms: above any
	// latency, so that only one request at a time finds out how fast an unknown server is.
	peakPenalty = 1e12
)

// peakCosts estimates the latency of each server by an average that is pessimistic and forgets:
// a latency above it replaces it at once, one below draws it down by time constant peakTau, and
// it fades towards 0 with the time since the last answer, so an abandoned server is tried again.
// Expected cost of one more request: average * (in flight + 1).
//
// From Twitter's Finagle, PeakEwma (https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/loadbalancer/p2c/P2CPeakEwma.scala).
// As there, a failure's latency counts like any other: it is fooled by a server that fails fast.
type peakCosts struct {
	mu      sync.Mutex
	rng     *rand.Rand
	servers []peakAverage
}

type peakAverage struct {
	ms float64 // 0 is unmeasured
	at time.Duration
}

// read returns the average, faded to now.
func (a peakAverage) read(now time.Duration) float64 {
	return a.ms * math.Exp(-float64(max(0, now-a.at))/float64(peakTau))
}

func (a *peakAverage) add(now time.Duration, ms float64) {
	if ms > a.ms {
		a.ms = ms
	} else {
		keep := math.Exp(-float64(max(0, now-a.at)) / float64(peakTau))
		a.ms = keep*a.ms + (1-keep)*ms
	}
	a.at = max(a.at, now)
}

// fit makes room for the servers of v.
func (c *peakCosts) fit(v View) {
	if len(c.servers) != len(v.Servers) {
		c.servers = make([]peakAverage, len(v.Servers))
	}
}

// score is the expected cost in ms of one more request to the server.
func (c *peakCosts) score(v View, server int) float64 {
	inFlight := float64(v.Servers[server].InFlight)
	ms := c.servers[server].read(v.Now)
	if ms == 0 && inFlight > 0 {
		return peakPenalty + inFlight
	}
	return ms * (inFlight + 1)
}

// hold keeps the average from fading: the server has answered, if nothing that tells how fast it is.
func (a *peakAverage) hold(now time.Duration) { a.at = max(a.at, now) }

// Done takes note of the latency. That of a refusal is none.
func (c *peakCosts) Done(t Token, o Outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.Server < 0 || t.Server >= len(c.servers) || o.Latency < 0 {
		return
	}
	switch s := &c.servers[t.Server]; {
	case o.Failed() || o.Measured():
		s.add(o.Now, float64(o.Latency)/float64(time.Millisecond))
	case o.Refused():
		s.hold(o.Now)
	}
}

var peakEWMASpec = Spec{
	Name:    "peak_ewma",
	Summary: "the lower recent peak latency x (in flight + 1) of two random servers",
	Source:  "Finagle, linkerd",
	New:     newPeakEWMA,
}

// peakEWMA draws two different servers and takes the one with the lower expected cost: the load
// balancer of Finagle and linkerd.
type peakEWMA struct{ peakCosts }

func newPeakEWMA(o Options) Policy { return &peakEWMA{peakCosts{rng: NewRand(o.Seed)}} }

// Name is "peak_ewma".
func (*peakEWMA) Name() string { return "peak_ewma" }

// Pick compares two servers. They come in random order, so a tie needs no second draw.
func (p *peakEWMA) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fit(v)
	server, other := twoAvailable(p.rng, v)
	if other != NoServer && p.score(v, other) < p.score(v, server) {
		server = other
	}
	return server, Token{Server: server, At: v.Now}
}
