package report

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"slbtui/engine/metrics"
	"slbtui/engine/stats"
)

// sample is a made-up but plausible experiment: three policies on three servers, of which the
// fastest is slowed for the middle third.
type sample struct {
	seconds, rate, runs int
}

var (
	sampleServers  = []string{"server1", "server2", "server3"}
	samplePolicies = []string{"round_robin", "q_learning", "q_factored"}
	sampleStart    = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
)

func (s sample) slow(at float64) bool {
	return at >= float64(s.seconds)/3 && at < 2*float64(s.seconds)/3
}

// requests draws what each request met: the same arrivals and sizes for every policy.
func (s sample) requests() []Request {
	var out []Request
	for run := 1; run <= s.runs; run++ {
		for p, policy := range samplePolicies {
			trace := rand.New(rand.NewPCG(uint64(run), 1))
			picks := rand.New(rand.NewPCG(uint64(run), uint64(10+p)))
			at := 0.0
			for id := uint64(1); ; id++ {
				at += trace.ExpFloat64() / float64(s.rate)
				size, failure := math.Exp(0.3*trace.NormFloat64()), trace.Float64()
				if at >= float64(s.seconds) {
					break
				}
				server := s.pick(p, at, picks.Float64())
				ms := float64(50+25*server) * size * (1 + 0.2*picks.ExpFloat64())
				if server == 0 && s.slow(at) {
					ms *= 5
				}
				part := PartWarm
				if at < float64(s.seconds)/5 {
					part = PartCold
				}
				due := time.Duration(at * float64(time.Second)).Truncate(time.Microsecond)
				q := Request{
					ID: id, At: sampleStart.Add(time.Duration(run*len(samplePolicies)+p)*time.Minute + due), Policy: policy,
					Server: sampleServers[server], Latency: time.Duration(ms * float64(time.Millisecond)).Truncate(time.Microsecond),
					Status: 200, Success: true, Intended: due, Part: part, Repetition: run, InFlight: 1 + int(id%7),
				}
				if failure < 0.002 {
					q.Status, q.Success, q.Latency = 502, false, 2*time.Millisecond
				}
				out = append(out, q)
			}
		}
	}
	return out
}

func (s sample) pick(policy int, at, draw float64) int {
	shares := [][2]float64{{1. / 3, 2. / 3}, {0.5, 0.8}, {0.6, 0.9}}[policy]
	learned := 1 - math.Exp(-at/4)
	switch {
	case policy == 0:
		learned = 1
	case policy == 1 && s.slow(at):
		shares = [2]float64{0.2, 0.65}
	case policy == 2 && s.slow(at):
		shares = [2]float64{0.02, 0.6}
	}
	for i := range shares {
		shares[i] = learned*shares[i] + (1-learned)*float64(i+1)/3
	}
	switch {
	case draw < shares[0]:
		return 0
	case draw < shares[1]:
		return 1
	}
	return 2
}

// comparison sums the requests up with exact quantiles.
func (s sample) comparison() Comparison {
	all := s.requests()
	third := float64(s.seconds) / 3
	c := Comparison{
		Tool: "slbtui", Version: "test", Kind: KindExperiment,
		Command:     "slbtui experiment --policies round_robin,q_learning,q_factored --rate 60 --scenario slow5x --seed 1",
		Environment: Environment{OS: "linux", Arch: "amd64", CPUs: 2, Go: "go"},
		Started:     sampleStart, ElapsedS: float64(s.seconds * s.runs * len(samplePolicies)),
		Scenario: "slow5x", Policies: samplePolicies, Baseline: "round_robin", Repetitions: s.runs, Planned: s.runs,
		RatePerS: float64(s.rate), Requests: uint64(s.rate * s.seconds), MeasuredAt: "client", Invalid: []string{},
		Faults:     []FaultSpan{{Server: "server1", Kind: "slow x5", StartS: third, EndS: 2 * third}},
		Strategies: map[string]PolicyResult{}, Improvement: map[string]Improvement{},
	}
	for i, id := range sampleServers {
		c.Servers = append(c.Servers, Server{ID: id, BaseDelayMS: float64(50 + 25*i), Workers: 4})
	}
	for run := range s.runs {
		c.Seeds = append(c.Seeds, uint64(run+1))
	}
	for _, policy := range samplePolicies {
		c.Strategies[policy] = s.result(policy, keep(all, func(q Request) bool { return q.Policy == policy }))
	}
	for _, policy := range samplePolicies[1:] {
		better := Improve(c.Strategies["round_robin"], c.Strategies[policy])
		difference := c.Strategies[policy].Summary.MeanMS - c.Strategies["round_robin"].Summary.MeanMS
		percent := 100 * difference / c.Strategies["round_robin"].Summary.MeanMS
		better.All = &PairedDifference{
			Pairs: c.Strategies[policy].Summary.Requests, MeanMS: difference, CIMS: stats.Interval{difference - 4, difference + 4}, BlockS: 5,
			Percent: percent, PercentCI: stats.Interval{percent - 3, percent + 3},
		}
		c.Improvement[policy] = better
	}
	c.FillRegret()
	return c
}

func (s sample) result(policy string, all []Request) PolicyResult {
	span := float64(s.seconds * s.runs)
	r := PolicyResult{Policy: policy, Learner: policy != "round_robin", Summary: sum(all, span), ByServer: map[string]uint64{}}
	cold := sum(keep(all, func(q Request) bool { return q.Part == PartCold }), span/5)
	warm := sum(keep(all, func(q Request) bool { return q.Part == PartWarm }), span*4/5)
	r.Cold, r.Warm = &cold, &warm
	r.MeanCI, r.P99CI = stats.Interval{r.Summary.MeanMS - 3, r.Summary.MeanMS + 3}, stats.Interval{r.Summary.P99MS - 20, r.Summary.P99MS + 25}
	r.WarmMeanCI, r.WarmP99CI = stats.Interval{warm.MeanMS - 3, warm.MeanMS + 3}, stats.Interval{warm.P99MS - 20, warm.P99MS + 25}
	r.Lag = Lag{P99MS: 0.6, MaxMS: 3}
	for _, q := range all {
		r.ByServer[q.Server]++
	}
	for run := 1; run <= s.runs; run++ {
		part := sum(keep(all, func(q Request) bool { return q.Repetition == run }), float64(s.seconds))
		r.Runs = append(r.Runs, RunResult{Number: run, Order: 1, Seed: uint64(run), EndS: float64(s.seconds), Summary: part, Lag: r.Lag})
	}
	during := func(from, to float64) []Request {
		return keep(all, func(q Request) bool { return q.Intended.Seconds() >= from && q.Intended.Seconds() < to })
	}
	width := float64(s.seconds) / 12
	for i := range 12 {
		part := during(float64(i)*width, float64(i+1)*width)
		w := sum(part, width*float64(s.runs))
		r.Windows = append(r.Windows, Window{
			Index: i, StartS: float64(i) * width, EndS: float64(i+1) * width, Throughput: w.Throughput,
			MeanMS: w.MeanMS, SuccessRate: w.SuccessRate, Requests: w.Requests,
		})
	}
	step := s.rate * s.seconds / 20
	for i := range 18 {
		var means []float64
		for run := 1; run <= s.runs; run++ {
			part := keep(all, func(q Request) bool { return q.Repetition == run && int(q.ID-1)/step == i })
			means = append(means, sum(part, 1).MeanMS)
		}
		slices.Sort(means)
		r.LearningCurve = append(r.LearningCurve, LearningPoint{
			Index: i, Requests: uint64(step * (i + 1)), MeanMS: means[len(means)/2], LowMS: means[0], HighMS: means[len(means)-1],
			EndS: float64(step*(i+1)) / float64(s.rate),
		})
	}
	for second := range s.seconds {
		part := during(float64(second), float64(second+1))
		m := sum(part, 1)
		point := TimelinePoint{EndS: float64(second + 1), Requests: m.Requests, Failures: m.Failures, MeanMS: m.MeanMS, P50MS: m.P50MS, P95MS: m.P95MS, P99MS: m.P99MS}
		for i, id := range sampleServers {
			mine := keep(part, func(q Request) bool { return q.Server == id })
			point.Share = append(point.Share, float64(len(mine))/float64(max(1, len(part))))
			busy := sum(mine, 1).MeanMS / 1000 * float64(len(mine)) / float64(s.runs) / 4
			point.Utilisation = append(point.Utilisation, min(1, busy*float64(i+2)/2))
		}
		r.Timeline = append(r.Timeline, point)
	}
	sorted := latencies(all)
	points := min(s.seconds, 100)
	for i := range points {
		at := i * len(sorted) / points
		r.CCDF = append(r.CCDF, CCDFPoint{LatencyMS: sorted[at], Slower: 1 - float64(at+1)/float64(len(sorted))})
	}
	for _, tail := range []float64{0.01, 0.005, 0.002, 0.001} {
		at := int(float64(len(sorted)) * (1 - tail))
		r.CCDF = append(r.CCDF, CCDFPoint{LatencyMS: sorted[min(at, len(sorted)-1)], Slower: tail})
	}
	return r
}

func keep(all []Request, wanted func(Request) bool) []Request {
	var out []Request
	for _, q := range all {
		if wanted(q) {
			out = append(out, q)
		}
	}
	return out
}

// latencies of successful requests in ms, sorted.
func latencies(all []Request) []float64 {
	var out []float64
	for _, q := range all {
		if q.Success {
			out = append(out, float64(q.Latency)/float64(time.Millisecond))
		}
	}
	slices.Sort(out)
	return out
}

func sum(all []Request, seconds float64) metrics.Summary {
	ms := latencies(all)
	s := metrics.Summary{Requests: uint64(len(all)), Failures: uint64(len(all) - len(ms)), SuccessRate: 1, ElapsedS: seconds}
	if len(ms) == 0 {
		return s
	}
	for _, v := range ms {
		s.MeanMS += v / float64(len(ms))
	}
	for _, v := range ms {
		s.StdMS += (v - s.MeanMS) * (v - s.MeanMS)
	}
	s.StdMS = math.Sqrt(s.StdMS / float64(max(1, len(ms)-1)))
	rank := func(p float64) float64 { return ms[max(0, int(math.Ceil(p*float64(len(ms))))-1)] }
	s.P50MS, s.P95MS, s.P99MS, s.MinMS, s.MaxMS = rank(0.5), rank(0.95), rank(0.99), ms[0], ms[len(ms)-1]
	s.CV, s.SuccessRate, s.Throughput = s.StdMS/s.MeanMS, float64(len(ms))/float64(len(all)), float64(len(ms))/seconds
	return s
}
