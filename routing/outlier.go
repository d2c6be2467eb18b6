package routing

import (
	"fmt"
	"time"

	"slbtui/routing/policy"
)

const (
	outlierBucket  = time.Second // failures are counted in buckets, since an average would hide a burst
	outlierBuckets = 10          // the newest of them decide
)

// outlier notices a server that fails the requests it gets, and keeps it out for a while: the passive
// half of health, after Envoy's outlier detection. It is pure; the upstream's lock guards it. The
// zero value is that of a server in use.
//
// A server is an outlier after cfg.Consecutive failures in a row, or when cfg.FailureShare of at
// least cfg.MinRequests answers within the window failed. The k-th ejection lasts k times
// cfg.BaseEjection, up to cfg.MaxEjection; for each BaseEjection spent in use, k goes back by one.
// After its return a server is on probation: until it has answered well Consecutive times, one
// failure ejects it again.
type outlier struct {
	ejected   bool
	until     time.Duration // when it returns
	times     int           // k
	returned  time.Duration
	probation int // good answers that are still missing
	total     uint64

	streak int           // failures in a row
	began  time.Duration // when the first of them ended

	bucket    int64 // number of the newest bucket
	good, bad uint32
	ring      [outlierBuckets]struct{ good, bad uint32 }
}

// record takes in what became of a request and tells whether the server ought to be ejected.
func (o *outlier) record(out policy.Outcome, cfg *OutlierConfig) bool {
	if o.ejected || out.Cancelled || out.Failure == policy.FailureLocal {
		return false
	}
	o.advance(out.Now)
	b := &o.ring[o.bucket%outlierBuckets]
	if !out.Failed() {
		b.good++
		o.good++
		// What was under way when the failures began doesn't tell how the server is now: a black hole
		// would otherwise be saved by its last slow answers.
		if out.Now-out.Latency-out.Waited >= o.began {
			o.streak = 0
			o.probation = max(0, o.probation-1)
		}
		return false
	}
	b.bad++
	o.bad++
	if o.streak++; o.streak == 1 {
		o.began = out.Now
	}
	return o.probation > 0 || o.failsInARow(cfg) || o.failsOften(cfg)
}

func (o *outlier) failsInARow(cfg *OutlierConfig) bool {
	return cfg.Consecutive > 0 && o.streak >= cfg.Consecutive
}

func (o *outlier) failsOften(cfg *OutlierConfig) bool {
	all := o.good + o.bad
	return cfg.FailureShare > 0 && int(all) >= cfg.MinRequests && float64(o.bad) >= cfg.FailureShare*float64(all)
}

// advance forgets the buckets that have left the window.
func (o *outlier) advance(now time.Duration) {
	to := int64(now / outlierBucket)
	for n := 0; o.bucket < to && n < outlierBuckets; n++ {
		o.bucket++
		b := &o.ring[o.bucket%outlierBuckets]
		o.good, o.bad = o.good-b.good, o.bad-b.bad
		b.good, b.bad = 0, 0
	}
	o.bucket = max(o.bucket, to) // a longer pause emptied all buckets, whatever their numbers
}

// eject takes the server out and tells people for how long and why.
func (o *outlier) eject(now time.Duration, cfg *OutlierConfig) (reason string) {
	switch {
	case o.probation > 0:
		reason = "failed again after its return"
	case o.failsInARow(cfg):
		reason = fmt.Sprintf("%d failures in a row", o.streak)
	default:
		reason = fmt.Sprintf("%d of %d requests failed in %v", o.bad, o.good+o.bad, outlierBuckets*outlierBucket)
	}
	o.times = max(0, o.times-int((now-o.returned)/cfg.BaseEjection)) + 1
	stay := min(time.Duration(o.times)*cfg.BaseEjection, cfg.MaxEjection)
	o.ejected, o.until = true, now+stay
	o.total++
	return fmt.Sprintf("%s; out for %v", reason, stay)
}

// due tells whether an ejection is over.
func (o *outlier) due(now time.Duration) bool { return o.ejected && now >= o.until }

// restore brings the server back, on probation and with nothing else held against it.
func (o *outlier) restore(now time.Duration, cfg *OutlierConfig) {
	*o = outlier{times: o.times, total: o.total, returned: now, probation: max(1, cfg.Consecutive), bucket: int64(now / outlierBucket)}
}
