package loadgen

import (
	"io"
	"math"
	"strconv"
	"sync"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

const (
	histogramMax    = 10 * time.Minute // longer counts as this long
	histogramDigits = 3
	recentSeconds   = 5
	recentDigits    = 2 // coarser: its windows are merged at every reading
)

// recorder counts and measures in bounded memory (about 400 kB). One mutex guards it all: at
// 10,000 requests a second it is held for well under 1 % of the time.
type recorder struct {
	mu     sync.Mutex
	counts Stats // its counters only
	lag    *hdr.Histogram
	lagMax time.Duration
	recent *hdr.WindowedHistogram
	second int64 // that recent.Current belongs to, since the start

	latency *hdr.Histogram
	moments moments

	byStatus map[int]uint64
	byError  map[Reason]uint64
}

func newRecorder() *recorder {
	return &recorder{
		lag:     hdr.New(1, histogramMax.Microseconds(), histogramDigits),
		latency: hdr.New(1, histogramMax.Microseconds(), histogramDigits),
		recent:  hdr.NewWindowed(recentSeconds, 1, histogramMax.Microseconds(), recentDigits),

		byStatus: map[int]uint64{},
		byError:  map[Reason]uint64{},
	}
}

// scheduled counts a request that was due, and sent or dropped.
func (r *recorder) scheduled(dropped bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts.Scheduled++
	if dropped {
		r.counts.Dropped++
		return
	}
	r.counts.Sent++
	r.counts.InFlight++
}

// stoodStill counts a gap, and the requests that were due in it.
func (r *recorder) stoodStill(d time.Duration, missed uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts.StoodStill += d
	r.counts.Missed += missed
}

// sent measures how late a request was sent, at a time since the start.
func (r *recorder) sent(at, lag time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	record(r.lag, lag)
	r.lagMax = max(r.lagMax, lag)
	if lag > LagThreshold {
		r.counts.Late++
	}
	r.rotate(at)
	record(r.recent.Current, lag)
}

// done counts and measures a request that has ended.
func (r *recorder) done(res Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts.InFlight--
	r.counts.Bytes += res.Bytes
	if res.Cancelled {
		r.counts.Cancelled++
		return
	}
	r.counts.Completed++
	if res.Err != nil {
		r.byError[reasonOf(res.Err)]++
	} else {
		r.byStatus[res.Status]++
	}
	if res.Failed() {
		r.counts.Failed++
		return
	}
	record(r.latency, res.Latency())
	r.moments.add(milliseconds(res.Latency()))
}

// stats sums up, at a time since the start.
func (r *recorder) stats(at time.Duration) Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.counts
	s.ByStatus, s.ByError = make(map[string]uint64, len(r.byStatus)), make(map[string]uint64, len(r.byError))
	for status, n := range r.byStatus {
		s.ByStatus[strconv.Itoa(status)] = n
	}
	for reason, n := range r.byError {
		s.ByError[string(reason)] = n
	}
	lag := percentiles(r.lag, 50, 99)
	s.LagMaxMS = milliseconds(r.lagMax)
	s.LagP50MS, s.LagP99MS = min(lag[0], s.LagMaxMS), min(lag[1], s.LagMaxMS)
	r.rotate(at)
	s.RecentLagP99MS = min(percentiles(r.recent.Merge(), 99)[0], s.LagMaxMS)
	s.Lagging = s.RecentLagP99MS > milliseconds(LagThreshold)

	l := r.moments.summary()
	p := percentiles(r.latency, 50, 90, 95, 99, 99.9)
	for i, to := range []*float64{&l.P50MS, &l.P90MS, &l.P95MS, &l.P99MS, &l.P999MS} {
		*to = min(p[i], l.MaxMS) // a histogram's bucket may reach beyond its largest value
	}
	s.Latency = l
	return s
}

// writePercentiles writes the latencies of successes as a percentile table in ms.
func (r *recorder) writePercentiles(w io.Writer) error {
	r.mu.Lock()
	copied := hdr.Import(r.latency.Export())
	r.mu.Unlock()
	_, err := copied.PercentilesPrint(w, 5, 1000)
	return err
}

// rotate makes recent.Current that of the second of at, and empties those skipped.
func (r *recorder) rotate(at time.Duration) {
	now := int64(at / time.Second)
	for range min(now-r.second, recentSeconds) {
		r.recent.Rotate()
	}
	r.second = max(r.second, now)
}

// record adds d in µs, brought into the histogram's range: within it, RecordValue cannot fail.
func record(h *hdr.Histogram, d time.Duration) {
	_ = h.RecordValue(min(max(d, 0), histogramMax).Microseconds())
}

// percentiles returns those asked for (ascending), in ms.
func percentiles(h *hdr.Histogram, wanted ...float64) []float64 {
	out := make([]float64, len(wanted))
	for i, us := range h.ValueAtPercentilesSlice(wanted) {
		out[i] = float64(us) / 1e3
	}
	return out
}

func milliseconds(d time.Duration) float64 { return float64(d) / 1e6 }

// moments is Welford's running mean and variance, which loses no digits however many it adds.
// (Technometrics 4(3), 1962.)
type moments struct {
	n           uint64
	mean, m2    float64
	least, most float64
}

func (m *moments) add(x float64) {
	if m.n++; m.n == 1 {
		m.least, m.most = x, x
	}
	m.least, m.most = min(m.least, x), max(m.most, x)
	delta := x - m.mean
	m.mean += delta / float64(m.n)
	m.m2 += delta * (x - m.mean)
}

func (m *moments) summary() LatencySummary {
	if m.n == 0 {
		return LatencySummary{}
	}
	return LatencySummary{
		Count: m.n, MeanMS: m.mean, StdMS: math.Sqrt(m.m2 / float64(m.n)), MinMS: m.least, MaxMS: m.most,
	}
}
