package shared

import "math"

const (
	fastRate   = 0.3  // step of the fast mean
	slowRate   = 0.03 // smallest step of the slow mean
	leastRate  = 0.01 // by this share of the way the minimum rises with each answer
	driftRate  = 0.25
	spreadRate = 0.02
	failRate   = 0.2
	forgetS    = 5.0 // seconds in which drift and failures fade to 1/e
	rateS      = 2.0 // seconds of the rates of picks and answers

	minLatencyMS = 1e-3
	maxLatencyMS = 1e7
	clipLog      = 4.0 // bound of a feature, so that an odd server can't carry the network off
)

// server is how one server has been answering. Times are in seconds.
type server struct {
	curve     curve
	measured  uint64
	fast      float64 // means of the latency, ms
	slow      float64
	last      float64
	least     float64 // minimum that rises slowly
	spread    float64 // mean of |ln(latency/curve)|: how irregular it is
	drift     float64 // recent mean of ln(latency/curve) at at: above 0 it is slower than its curve
	at        float64 // of the latest answer, failed or not
	answers   float64 // good ones, faded to at
	failures  float64 // share of recent answers that failed, at failedAt
	failedAt  float64
	refusals  float64 // share of recent answers that refused, at refusedAt
	refusedAt float64
	picks     float64 // requests sent, faded to pickedAt
	pickedAt  float64

	inFlight int // when it was last looked at, for the table

	lnFast, lnSlow, lnLast, lnLeast float64 // worked out with each answer, since picks are more
}

// fade is what is left after so many seconds of what fades within span.
func fade(seconds, span float64) float64 { return math.Exp(-max(0, seconds) / span) }

// learn takes note of a good answer after ms milliseconds to a request picked at level b. It returns by how
// much that moved the curve.
func (s *server) learn(now float64, b int, ms float64) float64 {
	ms = min(max(ms, minLatencyMS), maxLatencyMS)
	drift := s.drift * fade(now-s.at, forgetS)
	if s.measured == 0 {
		s.fast, s.slow, s.least = ms, ms, ms
	} else {
		off := min(max(math.Log(ms)-s.curve.ln[b], -2), 2)
		drift += driftRate * (off - drift)
		s.spread += max(spreadRate, 1/float64(s.measured)) * (math.Abs(off) - s.spread)
	}
	s.answers = 1 + s.answers*fade(now-s.at, rateS)
	s.drift, s.at = drift, max(s.at, now)
	s.measured++
	s.last = ms
	s.fast += fastRate * (ms - s.fast)
	s.slow += max(slowRate, 1/float64(s.measured)) * (ms - s.slow)
	s.least = min(ms, s.least+leastRate*(ms-s.least))
	s.fail(now, 0)
	s.refuse(now, 0)
	moved := s.curve.add(b, ms)
	s.logs()
	return moved
}

// logs works out again what follows from the means.
func (s *server) logs() {
	s.lnFast, s.lnSlow, s.lnLast, s.lnLeast = math.Log(s.fast), math.Log(s.slow), math.Log(s.last), math.Log(s.least)
}

// failed takes note of a failure.
func (s *server) failed(now float64) {
	s.fail(now, 1)
	silent := now - s.at
	s.drift, s.answers, s.at = s.drift*fade(silent, forgetS), s.answers*fade(silent, rateS), max(s.at, now)
}

// fail takes note of whether an answer was a failure: 1 or 0.
func (s *server) fail(now, failed float64) {
	f := s.failures * fade(now-s.failedAt, forgetS)
	s.failures, s.failedAt = f+failRate*(failed-f), max(s.failedAt, now)
}

// refuse takes note of whether an answer was a refusal: 1 or 0.
func (s *server) refuse(now, refused float64) {
	if s.refusals == 0 && refused == 0 {
		return
	}
	r := s.refusals * fade(now-s.refusedAt, forgetS)
	s.refusals, s.refusedAt = r+failRate*(refused-r), max(s.refusedAt, now)
}

// failing is the share of recent answers that failed or refused, as of now, where the pool's least share of
// refusals is no fault of the server's: what all refuse is the clients' doing.
func (s *server) failing(now, poolRefusals float64) float64 {
	f := 0.0
	if s.failures > 0 {
		f = s.failures * fade(now-s.failedAt, forgetS)
	}
	if s.refusals > 0 {
		f += max(0, s.refusals*fade(now-s.refusedAt, forgetS)-poolRefusals)
	}
	return f
}

// picked takes note of a request sent.
func (s *server) picked(now float64) {
	s.picks, s.pickedAt = 1+s.picks*fade(now-s.pickedAt, rateS), max(s.pickedAt, now)
}
