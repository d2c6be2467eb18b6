package canned

import (
	"fmt"
	"math"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// Wave is a smooth deterministic series around 0, within -1 and 1.
func Wave(i, period int) float64 { return math.Sin(2 * math.Pi * float64(i) / float64(period)) }

// Snapshot is a run of n servers, 83 s old: round robin for 40 s, then Q-learning, with server1 slow.
func Snapshot(n int) *live.Snapshot {
	s := &live.Snapshot{
		Seq: 830, At: 83 * time.Second, Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Duration: 5 * time.Minute,
		Seed: 1, Listen: "127.0.0.1:8080", State: "running", Policy: "q_learning", RL: "q_learning",
		Policies: []live.PolicyInfo{
			{Name: "round_robin", Summary: "each server in turn"},
			{Name: "least_request", Summary: "the server with the fewest requests in flight"},
			{Name: "p2c", Summary: "the better of two servers drawn at random"},
			{Name: "q_learning", Summary: "classic tabular Q-learning over (low, medium, high) states", Learner: true},
			{Name: "q_factored", Summary: "one value per server and in-flight level: scales to many servers", Learner: true},
		},
		Load: live.Load{Enabled: true, Rate: 50, Start: 50, Arrivals: "poisson", Served: 49.8, Scheduled: 4150, Sent: 4150, Completed: 4120, Failed: 8, LagP99MS: 0.4},
		Now:  metrics.Summary{Requests: 250, Failures: 1, MeanMS: 84, P50MS: 66, P95MS: 212, P99MS: 301, StdMS: 41, CV: 0.49, SuccessRate: 0.996, Throughput: 49.8, ElapsedS: 5},
		Cost: live.Cost{CPU: 0.18, HeapMB: 21, Goroutines: 64},
	}
	s.Scenarios = []live.ScenarioInfo{
		{Name: "steady60", About: "load .6"},
		{Name: "slow5x", About: "load .5, server1 five times slower from 20 s to 40 s"},
		{Name: "unlike30", About: "30 unlike servers at load .7", Refused: "unlike30 has servers of its own (30 of them)"},
		{Name: "stall", About: "load .5, server1 answers nothing from 20 s to 25 s"},
	}
	for i := range n {
		v := server(i)
		v.Share *= 3 / float64(max(n, 3)) // of all, whatever their number
		s.Servers = append(s.Servers, v)
	}
	for sec := 1; sec <= 120; sec++ {
		s.Seconds = append(s.Seconds, Second(sec, n))
	}
	s.Phases = []metrics.Phase{
		{Number: 1, Policy: "round_robin", End: 40 * time.Second, Summary: metrics.Summary{Requests: 1987, MeanMS: 131, P95MS: 402, P99MS: 516, StdMS: 102, CV: 0.78, SuccessRate: 1}},
		{Number: 2, Policy: "q_learning", Learner: true, WarmStart: true, Updates: 1900, Start: 40 * time.Second, End: 83 * time.Second, Summary: metrics.Summary{Requests: 2133, MeanMS: 84, P95MS: 212, P99MS: 301, StdMS: 41, CV: 0.49, SuccessRate: 0.996}},
	}
	s.Learners = []live.Learner{learner("q_learning", jointTable(n), true), learner("q_factored", factoredTable(n), false)}
	s.Versus = &metrics.Difference{From: 1, To: 2, Batches: 7, MeanMS: -47, LowMS: -62, HighMS: -32}
	s.Regret = &live.Regret{NowMS: 4.2, PhaseMS: 6.1, TotalS: 80}
	for i := range 83 {
		s.Regret.Seconds = append(s.Regret.Seconds, 30/(1+float64(i)/10)+2*Wave(i, 5))
	}
	s.Events = []live.Event{
		{Number: 1, Kind: "engine", Text: "listening on 127.0.0.1:8080, round_robin routes"},
		{Number: 2, At: 25 * time.Second, Kind: "fault", Server: "server1", Text: "server1: slow x5 for 20s", Fault: &fault.Span{Fault: fault.Fault{Slow: 5}, For: 20 * time.Second}},
		{Number: 3, At: 27 * time.Second, Kind: "health", Server: "server1", Text: "server1: ok -> SLOW"},
		{Number: 4, At: 40 * time.Second, Kind: "policy", Text: "q_learning routes (warm: 1,900 updates in shadow)"},
		{Number: 5, At: 61 * time.Second, Kind: "param", Text: "q_learning: epsilon 0.05 -> 0.10"},
		{Number: 6, At: 72 * time.Second, Kind: "warning", Text: "server2: 3 requests failed in one second"},
		{Number: 7, At: 80 * time.Second, Kind: "load", Text: "offering 50 requests/s"},
	}
	return s
}

// Slow5x is that scenario, some time into it.
func Slow5x(elapsed time.Duration) *live.Scenario {
	return &live.Scenario{Name: "slow5x", Elapsed: elapsed, Duration: time.Minute, Rate: 173, Steps: []live.ScenarioStep{
		{At: 20 * time.Second, For: 20 * time.Second, Server: "server1", What: "slow x5", State: "on"},
	}}
}

func server(i int) live.Server {
	s := live.Server{
		ID: fmt.Sprintf("server%d", i+1), Addr: fmt.Sprintf("127.0.0.1:%d", 8001+i), Simulated: true, State: "ok", Health: "healthy",
		BaseDelayMS: 50 + 25*float64(i%3), Workers: 8, Utilisation: 0.34, CPU: 34, InFlight: 3,
		Window: metrics.Summary{Requests: 100, P95MS: 71 + 20*float64(i%3), MeanMS: 55, SuccessRate: 1}, Share: 0.41, Requests: 1540,
	}
	switch i % 3 {
	case 0:
		s.State, s.Health, s.Utilisation, s.InFlight, s.Queued, s.Share = "SLOW", "degraded", 1, 11, 3, 0.09
		s.Window.P95MS, s.Fault, s.FaultLeft = 310, fault.Fault{Slow: 5}, 12*time.Second
	case 1:
		s.Share, s.Window.Failures, s.Failures = 0.5, 1, 8
	}
	return s
}

// Second is the sec-th of two minutes.
func Second(sec, n int) metrics.Second {
	rise := 0.0
	if sec > 60 && sec < 80 {
		rise = 200
	}
	s := metrics.Second{
		At: time.Duration(sec-37) * time.Second, Phase: 2, Requests: uint64(50 + 6*Wave(sec, 9)), Failures: uint64(sec % 40 / 39),
		Latencies: latencies(sec, rise),
		P50MS:     66 + 9*Wave(sec, 17), P95MS: 150 + rise + 30*Wave(sec, 23), P99MS: 240 + 1.4*rise + 40*Wave(sec, 23), MeanMS: 84,
	}
	if s.At <= 40*time.Second {
		s.Phase = 1
	}
	for i := range n {
		s.Servers = append(s.Servers, metrics.ServerSecond{
			Requests: uint64(17 + 3*Wave(sec+i, 11)), P95MS: 70 + rise*float64((i+1)%3)/2 + 20*Wave(sec+5*i, 13), MeanMS: 55, InFlight: int(4 + 3*Wave(sec+i, 19)), Utilisation: 0.34,
		})
	}
	return s
}

// Epoch is when every test begins.
var Epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// latencies are three bands, of three kinds of servers, the slowest of which is slower while something rises. Until the
// learner routes, in the 77th second, they get as much each.
func latencies(sec int, rise float64) []uint32 {
	counts := make([]uint32, metrics.Buckets)
	share := []float64{8, 16, 24}
	if sec <= 77 {
		share = []float64{16, 16, 16}
	}
	for band, ms := range []float64{52, 78, 150 + rise} {
		at := 0
		for at+1 < len(counts) && metrics.BucketMS(at+1) <= ms {
			at++
		}
		for d, part := range []float64{0.2, 0.5, 0.2, 0.1} {
			counts[at-1+d] += uint32(share[len(share)-1-band]*part + 0.5 + Wave(sec+band, 7)/2)
		}
	}
	return counts
}

// Replayed is Snapshot(3) of a recording, in its second round.
func Replayed() *live.Snapshot {
	s := Snapshot(3)
	s.Load.Recorded, s.Load.Arrivals, s.Duration = true, live.ArrivalsRecorded, 0
	s.Replay = &live.Replay{Name: "fit.jsonl", Elapsed: 23 * time.Second, Length: time.Minute, Round: 2, Speed: 1.5}
	return s
}
