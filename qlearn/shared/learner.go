package shared

import (
	"math"
	"math/rand/v2"
	"time"

	"slbtui/qlearn"
	"slbtui/qlearn/net"
)

const (
	unknownMS = 1000 // what each request in flight on an unmeasured server costs, in ms
	failureMS = 2000 // and what a certain failure costs there
	clipScore = 10.0 // of the network's output, so that a score is finite
)

// Candidate is a server that a request may be sent to.
type Candidate struct {
	Server    int
	InFlight  int
	OldestAge time.Duration // of the requests in flight
}

func (c Candidate) oldestMS() float64 { return max(0, float64(c.OldestAge)/float64(time.Millisecond)) }

// Choice is what the learner decided.
type Choice struct {
	Server   int // -1 without a candidate
	InFlight int // of it, which Learn wants
	Explored bool
}

// Learner scores each candidate by
//
//	measured:    pool's latency * exp(network(features))     expected cost in ms, the delay to others included
//	unmeasured:  -1 + 1000*n + 2000*f                        try it, one request at a time, unless it fails
//
// and takes the lowest. A new one is made by New.
type Learner struct {
	cfg     Config
	net     *net.Network // shared and only read
	pass    *net.Pass
	servers []server

	candidates []candidate // of the latest decision
	pool       pool        // of the same
	scores     []float64   // of the same, ms

	now        float64 // of the latest decision or outcome
	lastServer int
	lastLevel  int
	used       [levels]uint64 // by row: the latest decision in it
	decisions  uint64
	updates    uint64
	explored   float64 // recent means
	moved      float64
	reward     float64
}

// New returns a learner of so many servers that has measured nothing. A nil network is the one shipped; a
// network of other sizes than Sizes panics.
func New(servers int, cfg Config, network *net.Network) *Learner {
	if network == nil {
		network = Shipped()
	}
	if network.Inputs() != features || network.Outputs() != 1 {
		panic("shared: the network does not read these features")
	}
	l := &Learner{cfg: cfg, net: network, pass: network.NewPass(), servers: make([]server, servers)}
	l.Reset()
	return l
}

// Sizes are those of the networks that New takes.
func Sizes() []int { return []int{features, 24, 24, 1} }

// Config returns the parameters.
func (l *Learner) Config() Config { return l.cfg }

// SetConfig changes the parameters. What was learned stays.
func (l *Learner) SetConfig(cfg Config) { l.cfg = cfg }

// Keep takes over the parameters of old.
func (l *Learner) Keep(old *Learner) { l.cfg = old.cfg }

// Servers is how many the learner knows.
func (l *Learner) Servers() int { return len(l.servers) }

// Reset forgets how servers have answered. The network stays.
func (l *Learner) Reset() {
	clear(l.servers)
	*l = Learner{cfg: l.cfg, net: l.net, pass: l.pass, servers: l.servers, candidates: l.candidates[:0], scores: l.scores[:0], lastServer: -1, lastLevel: -1}
}

// Choose takes the candidate of the lowest score, ties at random, or now and then any. Each of them names a
// server of the learner.
func (l *Learner) Choose(at time.Duration, candidates []Candidate, rng *rand.Rand) Choice {
	best := l.weigh(at, candidates, rng)
	if best < 0 {
		return Choice{Server: -1}
	}
	c := Choice{Explored: rng.Float64() < l.cfg.ExplorationRate}
	if c.Explored {
		best = rng.IntN(len(candidates))
		l.explored += recentRate * (1 - l.explored)
	} else {
		l.explored -= recentRate * l.explored
	}
	c.Server, c.InFlight = l.candidates[best].Server, l.candidates[best].InFlight
	l.decided(c.Server, c.InFlight)
	return c
}

// Watch is told that another policy sent the request to a server with so many in flight. It returns whom the
// learner would have chosen without exploring, -1 without a candidate.
func (l *Learner) Watch(at time.Duration, candidates []Candidate, server, inFlight int, rng *rand.Rand) (would int) {
	best := l.weigh(at, candidates, rng)
	if best < 0 {
		return -1
	}
	l.decided(server, max(0, inFlight))
	return l.candidates[best].Server
}

func (l *Learner) decided(server, inFlight int) {
	l.decisions++
	l.lastServer, l.lastLevel = server, qlearn.InFlightLevel(inFlight)
	l.used[l.lastLevel] = l.decisions
	l.servers[server].picked(l.now)
}

// weigh scores the candidates and returns the index of the best, -1 without one.
func (l *Learner) weigh(at time.Duration, candidates []Candidate, rng *rand.Rand) int {
	l.now = max(l.now, at.Seconds())
	l.gather(l.now, candidates)
	l.scores = l.scores[:0]
	best, ties := -1, 0
	for i := range l.candidates {
		score := l.score(l.now, &l.candidates[i])
		l.scores = append(l.scores, score)
		switch {
		case best < 0 || score < l.scores[best]:
			best, ties = i, 1
		case score == l.scores[best]:
			if ties++; rng.IntN(ties) == 0 {
				best = i
			}
		}
	}
	return best
}

// score is the expected cost of the candidate in ms.
func (l *Learner) score(now float64, c *candidate) float64 {
	s := &l.servers[c.Server]
	if s.measured == 0 {
		return unknownMS*float64(c.InFlight) - 1 + failureMS*s.failing(now, l.pool.refusals)
	}
	l.read(now, c, l.pass.Input())
	out := l.net.Forward(l.pass)[0]
	return math.Exp(l.pool.lnSlow + min(max(out, -clipScore), clipScore))
}

// Latest calls see with each measured candidate of the latest decision: its features, the slice only for the
// call, and the pool's latency in ms, whose multiple the network gives.
func (l *Learner) Latest(see func(server int, features []float64, poolMS float64)) {
	x := l.pass.Input()
	for i := range l.candidates {
		c := &l.candidates[i]
		if l.servers[c.Server].measured == 0 {
			continue
		}
		l.read(l.now, c, x)
		see(c.Server, x, math.Exp(l.pool.lnSlow))
	}
}

const recentRate = 1.0 / 200 // step of the means in Stats

// Learn takes note of a good answer after ms milliseconds to a request sent when so many were in flight. It
// ignores what can be no measurement.
func (l *Learner) Learn(at time.Duration, server, inFlight int, ms float64) {
	if server < 0 || server >= len(l.servers) || !(ms >= 0) || math.IsInf(ms, 1) {
		return
	}
	l.now = max(l.now, at.Seconds())
	b := qlearn.InFlightLevel(inFlight)
	moved := l.servers[server].learn(at.Seconds(), b, ms)
	l.used[b] = l.decisions
	l.note(math.Abs(moved), -min(ms, maxLatencyMS))
}

// Fail takes note of a failure.
func (l *Learner) Fail(at time.Duration, server int) {
	if server < 0 || server >= len(l.servers) {
		return
	}
	l.now = max(l.now, at.Seconds())
	s := &l.servers[server]
	s.failed(at.Seconds())
	l.note(0, -failureMS)
}

// Refuse takes note of an answer that refused the request, quickly as a rule: it is no latency.
func (l *Learner) Refuse(at time.Duration, server int) {
	if server < 0 || server >= len(l.servers) {
		return
	}
	l.now = max(l.now, at.Seconds())
	l.servers[server].refuse(at.Seconds(), 1)
	l.note(0, 0)
}

func (l *Learner) note(movedMS, rewardMS float64) {
	l.updates++
	rate := max(recentRate, 1/float64(l.updates))
	l.moved += rate * (movedMS - l.moved)
	l.reward += rate * (rewardMS - l.reward)
}

// Adopt takes over what old has learned of the servers that stay: from[i] is the index that server i had,
// -1 for a new one. old stays as it is.
func (l *Learner) Adopt(old *Learner, from []int) {
	l.Reset()
	l.now, l.updates = old.now, old.updates
	for i, was := range from {
		if i < len(l.servers) && was >= 0 && was < len(old.servers) {
			l.servers[i] = old.servers[was]
		}
	}
}

// Recall takes over what old has learned of single servers: from[i] is the index in old of server i, below 0 for one
// that stays as it is.
func (l *Learner) Recall(old *Learner, from []int) {
	for i, was := range from {
		if i < len(l.servers) && was >= 0 && was < len(old.servers) {
			l.servers[i] = old.servers[was]
		}
	}
}
