package factored

import "math"

// Drift: telling a server that changed its speed from one that had a few long jobs.
//
// With R the response time and v0 the cell at the decision, z = ln(R/v0) + s²/2 has mean 0 while
// the table is right (a lognormal with mean v0 has ln-mean ln v0 - s²/2) and standard deviation s,
// which is learned alongside. y = z/s, clipped to ±4 so that no single request decides, feeds two
// one-sided CUSUM sums (Page, "Continuous inspection schemes", 1954):
//
//	up = max(0, up + y - 1)   down = max(0, down - y - 1)
//
// They stay near 0 under noise, since y exceeds 1 seldom and in both directions, and climb steadily
// when the whole distribution moves. Past 10 the alarm holds for three seconds (and again as long
// as sums keep climbing). Only under the alarm, or until the factor is back near 1, does the log
// speed factor follow z; and while it is off 1 the cells are frozen: it is the server that changed,
// not its table, so the table is still right when the server recovers. Tracking speed all the time
// ruins heavy tails (every long job looks like a slowdown), and learning during a slowdown poisons
// the cells for the time after. A factor that nobody renews fades, so a server once slow is tried
// again. A server's first measurements are exempt: neither its table nor its s is right yet, and a
// false alarm would keep them from becoming so.
type drift struct {
	logSpeed   fading  // ln m
	spread     float64 // s, standard deviation of z
	up, down   float64 // CUSUM sums
	alarmUntil float64 // seconds
}

const (
	trusted       = 20  // measurements of a server before it is watched
	initialSpread = 0.5 // 0 would call the first heavy tail a drift
	minSpread     = 0.05
	clipSpread    = 4.0
	cusumSlack    = 1.0
	cusumAlarm    = 10.0
	alarmSeconds  = 3.0
	drifting      = 0.3 // |ln m| beyond which the cells are frozen
	driftRate     = 0.25
	driftClip     = 2.0
	// driftOverSeconds is fifty time constants: e to what is left of any factor then is 1 to the last bit.
	driftOverSeconds = 50 * forgetSeconds
	spreadRate       = 0.01
	spreadPerAbs     = 1.25 // standard deviation over mean absolute deviation of a normal distribution, sqrt(π/2)
	tailSpreads      = 3.0
	maxSpread2       = 2.0 // s² is capped where a relative variance is made of it
)

// watch takes in a response time with what the table expected of it, and tells whether the server
// is drifting, so that the measurement must stay out of the table. now in seconds.
func (d *drift) watch(now, latencyMS, expectedMS float64) (frozen bool) {
	z := math.Log(latencyMS/expectedMS) + d.spread*d.spread/2
	y := clamp(z/max(minSpread, d.spread), -clipSpread, clipSpread)
	d.up = max(0, d.up+y-cusumSlack)
	d.down = max(0, d.down-y-cusumSlack)
	if d.up > cusumAlarm || d.down > cusumAlarm {
		d.alarmUntil = now + alarmSeconds
		d.up, d.down = 0, 0
	}
	off := d.logSpeed.at(now)
	if now >= d.alarmUntil && math.Abs(off) <= drifting {
		d.spread += spreadRate * (spreadPerAbs*min(math.Abs(z), driftClip) - d.spread)
		return false
	}
	off += driftRate * clamp(z-off, -driftClip, driftClip)
	d.logSpeed.set(now, off)
	return math.Abs(off) > drifting
}

// speed is m: the factor on response times, 1 unless the server drifts. now in seconds.
func (d *drift) speed(now float64) float64 {
	if d.logSpeed.value == 0 || now-d.logSpeed.since > driftOverSeconds {
		return 1
	}
	return math.Exp(d.logSpeed.at(now))
}

// tail is e^(3s): how many times its mean a response time may take before it is remarkable.
func (d *drift) tail() float64 { return math.Exp(tailSpreads * d.spread) }

// relativeVariance of one response time around its mean.
func (d *drift) relativeVariance() float64 {
	return math.Exp(min(d.spread*d.spread, maxSpread2)) - 1
}

// fading is a number that forgets: it falls towards 0 with time constant forgetSeconds from the
// moment it was set.
type fading struct {
	value float64
	since float64 // seconds
}

const (
	forgetSeconds = 5.0
	forgotten     = 1e-9 // smaller values are 0, which needs no exponential to read
)

func (x *fading) at(now float64) float64 {
	if x.value == 0 {
		return 0
	}
	return x.value * math.Exp(-max(0, now-x.since)/forgetSeconds)
}

func (x *fading) set(now, value float64) {
	if math.Abs(value) < forgotten {
		value = 0
	}
	*x = fading{value, now}
}
