package factored

import "math"

// Drift: telling a server that changed its speed from one that had a few long jobs.
//
// With R the response time, v0 the cell at the decision and c the calm mean of ln(R/v0) (calm.go),
// z = ln(R/v0) - c has mean 0 while the table is right, and a mean deviation from which its standard
// deviation s is learned alongside. y = z/s, clipped to ±4 so that no single request decides, feeds two
// pairs of one-sided CUSUM sums (Page, "Continuous inspection schemes", 1954):
//
//	up = max(0, up + y - slack)   down = max(0, down - y - slack)
//
// They stay near 0 under noise and climb steadily when the whole distribution moves. The quick pair, of
// slack 1 and limit 10, sees a shift of two spreads within ten requests, and none below one spread, however
// long it lasts. The patient pair, of slack 1/4 and limit 15, sees that: a server that gets slower by a tenth
// every few seconds never moves a spread at once, since its cells follow it. Limits are multiplied by K² (calm.go),
// the more the less independent measurements are.
//
// Past a limit the alarm holds for three seconds (and again as long as sums keep climbing). Only under the
// alarm, or until the factor is back near 1, does the log speed factor follow z,
//
//	ln m <- ln m + 0.25·min(1, 1/(4s²))/K · clip(z - ln m, ±2)
//
// slower where times are noisy; and while it is off 1 the cells are frozen: it is the server that changed,
// not its table, so the table is still right when the server recovers. Tracking speed all the time
// ruins heavy tails (every long job looks like a slowdown), and learning during a slowdown poisons
// the cells for the time after. A factor that nobody renews fades, so a server once slow is tried
// again. A server's first measurements are exempt: neither its table nor its s is right yet, and a
// false alarm would keep them from becoming so.
type drift struct {
	logSpeed       fading  // ln m
	spread         float64 // s, standard deviation of z
	quick, patient cusum
	alarmUntil     float64 // seconds
	block          block
}

const (
	trusted       = 20  // measurements of a server before it is watched
	settled       = 50  // calm ones of all servers before an alarm is believed: until then c may be far off
	initialSpread = 0.5 // 0 would call the first heavy tail a drift
	minSpread     = 0.05
	clipSpread    = 4.0
	quickSlack    = 1.0
	quickLimit    = 10.0
	patientSlack  = 0.25
	patientLimit  = 15.0
	patientClip   = 2.0 // a single long job must weigh less where sums forget so slowly
	alarmSeconds  = 3.0
	drifting      = 0.3 // |ln m| beyond which the cells are frozen
	driftRate     = 0.25
	driftClip     = 2.0
	// driftOverSeconds is fifty time constants: e to what is left of any factor then is 1 to the last bit.
	driftOverSeconds = 50 * forgetSeconds
	spreadRate       = 0.01
	spreadPerAbs     = 1.25 // standard deviation over mean absolute deviation of a normal distribution, sqrt(π/2)
	tailSpreads      = 2.5
	maxSpread2       = 2.0 // s² is capped where a relative variance is made of it
)

// watch takes in a response time of a server with what the table expected of it, and tells whether
// the server is drifting, so that the measurement must stay out of the table. now in seconds.
func (f *Learner) watch(s *column, now, latencyMS, expectedMS float64) (frozen bool) {
	d := &s.drift
	z := math.Log(latencyMS/expectedMS) - f.calm.bias
	y := clamp(z/max(minSpread, d.spread), -clipSpread, clipSpread)
	dependence := f.calm.dependence()
	quick := d.quick.add(y, quickSlack, quickLimit*dependence)
	patient := d.patient.add(clamp(y, -patientClip, patientClip), patientSlack, patientLimit*dependence)
	if (quick || patient) && f.calm.samples >= settled {
		d.alarmUntil = now + alarmSeconds
	}
	off := d.logSpeed.at(now)
	if now >= d.alarmUntil && math.Abs(off) <= drifting {
		d.learnSpread(z, max(spreadRate, 1/float64(s.measured+trusted)))
		f.calm.add(z, y, &d.block)
		return false
	}
	rate := driftRate * min(1, 0.25/(d.spread*d.spread)) / math.Sqrt(dependence)
	d.learnSpread(z-off, spreadRate)
	off += rate * clamp(z-off, -driftClip, driftClip)
	d.logSpeed.set(now, off)
	return math.Abs(off) > drifting
}

// learnSpread draws s to what a z that is so far off its mean says of it. It does so under an alarm as well: one that
// went off because s is too small would never end.
func (d *drift) learnSpread(off, rate float64) {
	d.spread += rate * (spreadPerAbs*min(math.Abs(off), driftClip) - d.spread)
}

// speed is m: the factor on response times, 1 unless the server drifts. now in seconds.
func (d *drift) speed(now float64) float64 {
	if d.logSpeed.value == 0 || now-d.logSpeed.since > driftOverSeconds {
		return 1
	}
	return math.Exp(d.logSpeed.at(now))
}

// forgive forgets what was held against a server.
func (d *drift) forgive() {
	d.logSpeed, d.quick, d.patient, d.alarmUntil = fading{}, cusum{}, cusum{}, 0
}

// tail is e^(2.5s): how many times its mean a response time may take before it is remarkable.
func (d *drift) tail() float64 { return math.Exp(tailSpreads * d.spread) }

// relativeVariance of one response time around its mean.
func (d *drift) relativeVariance() float64 {
	return math.Exp(min(d.spread*d.spread, maxSpread2)) - 1
}

// cusum is a pair of sums, one for each direction.
type cusum struct{ up, down float64 }

// add tells whether one of the sums has passed the limit, and then begins anew.
func (c *cusum) add(y, slack, limit float64) (alarm bool) {
	c.up = max(0, c.up+y-slack)
	c.down = max(0, c.down-y-slack)
	if c.up <= limit && c.down <= limit {
		return false
	}
	*c = cusum{}
	return true
}
