package simulate

import (
	"math"
	"slices"
	"time"

	"slbtui/engine/stats"
	"slbtui/routing/policy"
)

// FailureCostMS is what a failed request counts for in regret: what the longest wait costs, and
// what the seed system's reward of -1000 stands for (-ms/10).
const FailureCostMS = 10_000

const curvePoints = 60

// Cold is how many requests of a run count as its beginning, in which a learner knows nothing.
func Cold(requests int) int { return min(2000, requests/5) }

// Stats describes requests. Latencies are of successful requests only; 0 when there is none.
type Stats struct {
	Requests  int
	MeanMS    float64
	P50MS     float64
	P90MS     float64
	P95MS     float64
	P99MS     float64
	P999MS    float64
	MaxMS     float64
	CV        float64   // standard deviation over mean
	ErrorRate float64   // failed share of all requests, 0-1
	Share     []float64 // of all requests, by server of the last attempt
}

// Second is the requests that were due in one second of the scenario.
type Second struct {
	Requests int
	Failures int
	MeanMS   float64   // of successes
	P95MS    float64   // of successes
	CostMS   float64   // sum of latencies, FailureCostMS for a failure
	Share    []float64 // by server
}

// summary works out the numbers of a run with two scratch slices.
type summary struct {
	servers   int
	latencies []float64
}

// Describe sums up records of a world of so many servers, of one run or of several.
func Describe(records []Record, servers int) Stats {
	s := summary{servers: servers, latencies: make([]float64, 0, len(records))}
	return s.stats(records)
}

func summarise(sc *Scenario, records []Record) Result {
	s := summary{servers: len(sc.Servers), latencies: make([]float64, 0, len(records))}
	cold := Cold(len(records))
	r := Result{
		Cold:    s.stats(records[:cold]),
		Warm:    s.stats(records[cold:]),
		Seconds: make([]Second, 0, int(math.Ceil(sc.Duration.Seconds()))),
	}
	for from, end := 0, time.Second; len(r.Seconds) < cap(r.Seconds); end += time.Second {
		to := from
		for to < len(records) && records[to].Due < end {
			to++
		}
		r.Seconds = append(r.Seconds, s.second(records[from:to]))
		from = to
	}
	block := sc.CurveBlock()
	for i := 0; i+block <= len(records) && len(r.Curve) < curvePoints; i += block {
		r.Curve = append(r.Curve, stats.Mean(s.sorted(records[i:i+block])))
	}
	r.All = s.stats(records)
	r.Tail.count(s.latencies)
	return r
}

// CurveBlock is the number of requests behind one point of Result.Curve.
func (s Scenario) CurveBlock() int {
	return max(1, int(s.MeanRate()*s.Duration.Seconds()/curvePoints))
}

// sorted returns the latencies of successes in ms, ascending, valid until the next call.
func (s *summary) sorted(records []Record) []float64 {
	s.latencies = s.latencies[:0]
	for i := range records {
		if r := &records[i]; !r.Failed {
			s.latencies = append(s.latencies, float64(r.Latency)/float64(time.Millisecond))
		}
	}
	slices.Sort(s.latencies)
	return s.latencies
}

func (s *summary) stats(records []Record) Stats {
	ms := s.sorted(records)
	st := Stats{
		Requests: len(records),
		MeanMS:   stats.Mean(ms),
		P50MS:    stats.Quantile(ms, 0.5),
		P90MS:    stats.Quantile(ms, 0.9),
		P95MS:    stats.Quantile(ms, 0.95),
		P99MS:    stats.Quantile(ms, 0.99),
		P999MS:   stats.Quantile(ms, 0.999),
		MaxMS:    stats.Quantile(ms, 1),
		Share:    s.share(records),
	}
	if len(records) > 0 {
		st.ErrorRate = float64(len(records)-len(ms)) / float64(len(records))
	}
	if st.MeanMS > 0 {
		sum := 0.0
		for _, x := range ms {
			sum += (x - st.MeanMS) * (x - st.MeanMS)
		}
		st.CV = math.Sqrt(sum/float64(len(ms))) / st.MeanMS
	}
	return st
}

func (s *summary) second(records []Record) Second {
	ms := s.sorted(records)
	failures := len(records) - len(ms)
	m := stats.Mean(ms)
	return Second{
		Requests: len(records),
		Failures: failures,
		MeanMS:   m,
		P95MS:    stats.Quantile(ms, 0.95),
		CostMS:   m*float64(len(ms)) + FailureCostMS*float64(failures),
		Share:    s.share(records),
	}
}

func (s *summary) share(records []Record) []float64 {
	share := make([]float64, s.servers)
	for i := range records {
		if server := records[i].Server; server != policy.NoServer {
			share[server]++
		}
	}
	for i := range share {
		share[i] /= float64(max(1, len(records)))
	}
	return share
}

// Bins of a Tail: 100 a decade from 1 ms to 100 s.
const (
	tailDecade = 100
	tailBins   = 5 * tailDecade
)

// Tail counts latencies in bins of equal width on a logarithmic scale, so that runs add up.
type Tail struct {
	Bins [tailBins]uint64
}

func (t *Tail) count(ms []float64) {
	for _, x := range ms {
		bin := 0
		if x > 1 {
			bin = min(tailBins-1, int(math.Log10(x)*tailDecade))
		}
		t.Bins[bin]++
	}
}

// Add adds another tail.
func (t *Tail) Add(o *Tail) {
	for i, n := range o.Bins {
		t.Bins[i] += n
	}
}

// Above returns the latencies, in ms, at which the share of requests above them changes, and that
// share: the complementary distribution function.
func (t *Tail) Above() (ms, share []float64) {
	total := uint64(0)
	for _, n := range t.Bins {
		total += n
	}
	left := total
	for i, n := range t.Bins {
		if n == 0 {
			continue
		}
		if left -= n; left == 0 {
			break
		}
		ms = append(ms, math.Pow(10, float64(i+1)/tailDecade))
		share = append(share, float64(left)/float64(total))
	}
	return ms, share
}
