package shared

import (
	"math"

	"slbtui/qlearn"
)

// What the network reads of a server. All are ratios, to the pool or to the server itself, so that what was
// learned of servers that take 20 ms is true of servers that take 2 s. The pool is the candidates.
const (
	fInFlight  = iota // ln(1+n), n requests in flight
	fPoolShare        // the same less ln(1 + mean n of the pool)
	fPool             // ln(1 + mean n of the pool)
	fSlow             // ln of the slow mean latency over the pool's
	fFast             // ln(fast mean/slow mean): above 0 it gets slower
	fLast             // ln(last latency/slow mean)
	fLeast            // ln of the decaying minimum over the pool's slow mean
	fCalm             // ln of the latency known with nothing in flight over the pool's slow mean
	fCurve            // ln of the latency known at n over the same
	fSlope            // ln(1 + n * relative growth of the latency with n): what the others will feel
	fVisits           // 1/(1 + measurements at this level / 5): how little the two before are worth
	fDrift            // recent mean of ln(latency/curve), faded
	fPoolDrift        // the mean of it over the pool: when all get slower, none is to blame
	fSpread           // mean of |ln(latency/curve)|
	fOldest           // ln(1 + age of the oldest request / latency known at n)
	fSilence          // ln(1 + seconds since the last answer)
	fFailures         // recent share of failures, faded, and of refusals above the pool's least
	fDrain            // ln(1 + n / answers a second of late / slow mean): how long they will take, by Little's law
	fRate             // ln(1 + requests sent lately) less the pool's mean of it
	features          // how many
)

var featureNames = [features]string{
	"in flight", "of pool's", "pool in flight", "slow mean", "fast/slow", "last/slow", "least", "calm", "table", "slope", "unsure", "drift",
	"pool drift", "spread", "oldest", "silence", "failures", "drain", "rate",
}

// leastAnswers a second are assumed of a server that gave none of late.
const leastAnswers = 0.01

// unknownPoolMS stands for the pool's latency while nothing was measured.
const unknownPoolMS = 100

// pool is what the candidates have in common.
type pool struct {
	lnSlow   float64 // mean of ln(slow mean) over those measured
	inFlight float64 // ln(1 + mean)
	drift    float64
	lnRate   float64
	refusals float64 // the least share
}

// candidate is one server of a decision, and what it costs nothing to keep of it until it is scored.
type candidate struct {
	Candidate
	drift  float64
	lnRate float64
}

// gather reads the candidates and makes the pool of them.
func (l *Learner) gather(now float64, candidates []Candidate) {
	l.candidates = l.candidates[:0]
	p := pool{refusals: 1}
	known, inFlight := 0.0, 0.0
	for _, c := range candidates {
		c.InFlight = max(c.InFlight, 0)
		s := &l.servers[c.Server]
		s.inFlight = c.InFlight
		seen := candidate{Candidate: c}
		if s.refusals == 0 {
			p.refusals = 0
		} else if p.refusals > 0 {
			p.refusals = min(p.refusals, s.refusals*fade(now-s.refusedAt, forgetS))
		}
		if s.picks > 0 {
			seen.lnRate = math.Log1p(s.picks * fade(now-s.pickedAt, rateS))
		}
		if s.measured > 0 {
			seen.drift = s.drift * fade(now-s.at, forgetS)
			p.lnSlow += s.lnSlow
			p.drift += seen.drift
			known++
		}
		inFlight += float64(c.InFlight)
		p.lnRate += seen.lnRate
		l.candidates = append(l.candidates, seen)
	}
	n := max(1, float64(len(candidates)))
	p.inFlight, p.lnRate = math.Log1p(inFlight/n), p.lnRate/n
	if known > 0 {
		p.lnSlow, p.drift = p.lnSlow/known, p.drift/known
	} else {
		p.lnSlow = math.Log(unknownPoolMS)
	}
	l.pool = p
}

// read fills x, as long as there are features, with those of a measured server.
func (l *Learner) read(now float64, c *candidate, x []float64) {
	s, p := &l.servers[c.Server], &l.pool
	b := qlearn.InFlightLevel(c.InFlight)
	x = x[:features]
	x[fInFlight] = lnOnePlus(c.InFlight)
	x[fPoolShare] = x[fInFlight] - p.inFlight
	x[fPool] = p.inFlight
	x[fSlow] = s.lnSlow - p.lnSlow
	x[fFast] = s.lnFast - s.lnSlow
	x[fLast] = s.lnLast - s.lnSlow
	x[fLeast] = s.lnLeast - p.lnSlow
	x[fCalm] = s.curve.ln[0] - p.lnSlow
	x[fCurve] = s.curve.ln[b] - p.lnSlow
	x[fSlope] = 0
	x[fOldest], x[fDrain] = 0, 0
	if c.InFlight > 0 {
		x[fSlope] = math.Log1p(float64(c.InFlight) * s.curve.slope[b])
		x[fOldest] = math.Log1p(c.oldestMS() / s.slow)
		perSecond := s.answers * fade(now-s.at, rateS) / rateS
		x[fDrain] = math.Log1p(1000 * float64(c.InFlight) / (perSecond + leastAnswers) / s.slow)
	}
	x[fVisits] = 5 / (5 + float64(s.curve.visits[b]))
	x[fDrift] = c.drift
	x[fPoolDrift] = p.drift
	x[fSpread] = s.spread
	x[fSilence] = math.Log1p(max(0, now-s.at))
	x[fFailures] = s.failing(now, p.refusals)
	x[fRate] = c.lnRate - p.lnRate
	for i, v := range x {
		x[i] = min(max(v, -clipLog), clipLog)
	}
}

// named pairs the features with their names, for people.
func named(x []float64) []qlearn.Feature {
	out := make([]qlearn.Feature, features)
	for i, name := range featureNames {
		out[i] = qlearn.Feature{Name: name, Value: x[i]}
	}
	return out
}
