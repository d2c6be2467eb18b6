package metrics

import (
	"math"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// The range of the histograms. A longer latency counts as the longest.
const (
	lowestMicros  = 1
	highestMicros = int64(10 * time.Minute / time.Microsecond)
)

// accumulator sums up requests as they end. Its memory does not grow with their number.
// The zero value is not ready; see newAccumulator. Not safe for concurrent use.
type accumulator struct {
	digits    int
	hist      *hdrhistogram.Histogram // nil until the first success: most accumulators of a quiet server stay empty
	failures  uint64
	abandoned uint64 // of the failures; counted by the recorder, for most accumulators have none

	// Welford's running mean and squared deviation, in ms: exact where a histogram rounds.
	// B. P. Welford, Technometrics 4(3), 1962.
	n        uint64
	mean, m2 float64
	min, max float64
}

func newAccumulator(digits int) *accumulator {
	return &accumulator{digits: digits}
}

func (a *accumulator) add(latency time.Duration, failed bool) {
	if failed {
		a.failures++
		return
	}
	if a.hist == nil {
		a.hist = hdrhistogram.New(lowestMicros, highestMicros, a.digits)
	}
	ms := max(0, float64(latency)/float64(time.Millisecond))
	micros := min(max(latency.Microseconds(), lowestMicros), highestMicros)
	if err := a.hist.RecordValue(micros); err != nil {
		a.failures++ // cannot happen: the value was clamped; a lost sample must show all the same
		return
	}
	a.n++
	delta := ms - a.mean
	a.mean += delta / float64(a.n)
	a.m2 += delta * (ms - a.mean)
	if a.n == 1 || ms < a.min {
		a.min = ms
	}
	a.max = max(a.max, ms)
}

// merge adds what b holds (Chan, Golub and LeVeque's pairwise update of mean and deviation).
func (a *accumulator) merge(b *accumulator) {
	a.failures += b.failures
	a.abandoned += b.abandoned
	if b.n == 0 {
		return
	}
	if a.hist == nil {
		a.hist = hdrhistogram.New(lowestMicros, highestMicros, a.digits)
	}
	a.hist.Merge(b.hist)
	if a.n == 0 || b.min < a.min {
		a.min = b.min
	}
	a.max = max(a.max, b.max)
	n := float64(a.n + b.n)
	delta := b.mean - a.mean
	a.m2 += b.m2 + delta*delta*float64(a.n)*float64(b.n)/n
	a.mean += delta * float64(b.n) / n
	a.n += b.n
}

func (a *accumulator) reset() {
	if a.hist != nil {
		a.hist.Reset()
	}
	a.failures, a.abandoned, a.n, a.mean, a.m2, a.min, a.max = 0, 0, 0, 0, 0, 0, 0
}

func (a *accumulator) quantileMS(percent float64) float64 {
	if a.n == 0 {
		return 0
	}
	return float64(a.hist.ValueAtQuantile(percent)) / 1000
}

// tail is the complementary cumulative distribution, ascending in latency.
func (a *accumulator) tail() []TailPoint {
	if a.n == 0 {
		return nil
	}
	var out []TailPoint
	for _, b := range a.hist.CumulativeDistribution() {
		if slower := 1 - b.Quantile/100; slower > 0 {
			out = append(out, TailPoint{LatencyMS: float64(b.ValueAt) / 1000, Slower: slower})
		}
	}
	return out
}

func (a *accumulator) summary(elapsed time.Duration) Summary {
	s := Summary{
		Requests: a.n + a.failures, Failures: a.failures, Abandoned: a.abandoned,
		MeanMS: a.mean, P50MS: a.quantileMS(50), P90MS: a.quantileMS(90), P95MS: a.quantileMS(95), P99MS: a.quantileMS(99), P999MS: a.quantileMS(99.9),
		MinMS: a.min, MaxMS: a.max,
		SuccessRate: 1, ElapsedS: elapsed.Seconds(),
	}
	if a.n > 1 {
		s.StdMS = math.Sqrt(a.m2 / float64(a.n-1))
	}
	if a.mean > 0 {
		s.CV = s.StdMS / a.mean
	}
	if s.Requests > 0 {
		s.SuccessRate = float64(a.n) / float64(s.Requests)
	}
	if elapsed > 0 {
		s.Throughput = float64(a.n) / elapsed.Seconds()
	}
	return s
}
