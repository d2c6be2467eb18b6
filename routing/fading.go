package routing

import (
	"math"
	"time"
)

// ResponseHalfLife is the time in which an answer loses half its weight in a FadingAverage, and
// in which the average of a server that answers no more loses half its value.
const ResponseHalfLife = 5 * time.Second

// FadingAverage is a recent average response time in ms, in two senses of recent. A sample of
// age a weighs d(a) = 2^(-a/ResponseHalfLife), so with S the weighted sum and W the sum of the weights
//
//	Add:  S <- S*d(dt) + ms,  W <- W*d(dt) + 1
//	At:   S/W * d(time since the last Add)
//
// The second factor is for a server that is avoided because it was slow: nothing else would tell
// that it is well again. The zero value is an average of nothing. It is not safe for concurrent use.
type FadingAverage struct {
	sum, weight float64
	last        time.Duration
}

// Add counts a response of ms milliseconds that ended at now.
func (f *FadingAverage) Add(now time.Duration, ms float64) {
	d := fade(now - f.last)
	f.sum = f.sum*d + ms
	f.weight = f.weight*d + 1
	f.last = max(f.last, now)
}

// Hold counts a response that says nothing of times, such as a refusal: S and W age as ever, but the server is not
// avoided, so the average does not fade.
func (f *FadingAverage) Hold(now time.Duration) {
	d := fade(now - f.last)
	f.sum *= d
	f.weight *= d
	f.last = max(f.last, now)
}

// At is the average as of now, in ms; 0 when nothing was added.
func (f *FadingAverage) At(now time.Duration) float64 {
	if f.weight == 0 {
		return 0
	}
	return f.sum / f.weight * fade(now-f.last)
}

func fade(age time.Duration) float64 {
	if age <= 0 {
		return 1
	}
	return math.Exp2(-age.Seconds() / ResponseHalfLife.Seconds())
}
