package tui

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/qlearn"
	"slbtui/routing/policy"
)

// fake is an engine that shows a canned snapshot and remembers its orders.
type fake struct {
	mu   sync.Mutex
	snap *live.Snapshot
	got  []live.Command
	err  error
}

func (f *fake) Snapshot() *live.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.snap
}

func (f *fake) Do(_ context.Context, cmd live.Command) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.got = append(f.got, cmd)
	return f.err
}

func (f *fake) orders() []live.Command {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]live.Command(nil), f.got...)
}

// wave is a smooth deterministic series around 0, within -1 and 1.
func wave(i, period int) float64 { return math.Sin(2 * math.Pi * float64(i) / float64(period)) }

// snapshot is a run of n servers, 83 s old: round robin for 40 s, then Q-learning, with server1 slow.
func snapshot(n int) *live.Snapshot {
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
		Load: live.Load{Enabled: true, Rate: 50, Arrivals: "poisson", Served: 49.8, Scheduled: 4150, Sent: 4150, Completed: 4120, Failed: 8, LagP99MS: 0.4},
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
		s.Servers = append(s.Servers, server(i))
	}
	for sec := 1; sec <= 120; sec++ {
		s.Seconds = append(s.Seconds, second(sec, n))
	}
	s.Phases = []metrics.Phase{
		{Number: 1, Policy: "round_robin", End: 40 * time.Second, Summary: metrics.Summary{Requests: 1987, MeanMS: 131, P95MS: 402, P99MS: 516, StdMS: 102, CV: 0.78, SuccessRate: 1}},
		{Number: 2, Policy: "q_learning", Learner: true, WarmStart: true, Updates: 1900, Start: 40 * time.Second, End: 83 * time.Second, Summary: metrics.Summary{Requests: 2133, MeanMS: 84, P95MS: 212, P99MS: 301, StdMS: 41, CV: 0.49, SuccessRate: 0.996}},
	}
	s.Learners = []live.Learner{learner("q_learning", jointTable(n), true), learner("q_factored", factoredTable(n), false)}
	s.Versus = &metrics.Difference{From: 1, To: 2, Batches: 7, MeanMS: -47, LowMS: -62, HighMS: -32}
	s.Regret = &live.Regret{NowMS: 4.2, PhaseMS: 6.1, TotalS: 80}
	for i := range 83 {
		s.Regret.Seconds = append(s.Regret.Seconds, 30/(1+float64(i)/10)+2*wave(i, 5))
	}
	s.Events = []live.Event{
		{Number: 1, Kind: "engine", Text: "listening on 127.0.0.1:8080, round_robin routes"},
		{Number: 2, At: 25 * time.Second, Kind: "fault", Server: "server1", Text: "server1: slow x5 for 20s", Fault: &fault.Span{Fault: live.Fault{Slow: 5}, For: 20 * time.Second}},
		{Number: 3, At: 27 * time.Second, Kind: "health", Server: "server1", Text: "server1: ok -> SLOW"},
		{Number: 4, At: 40 * time.Second, Kind: "policy", Text: "q_learning routes (warm: 1,900 updates in shadow)"},
		{Number: 5, At: 61 * time.Second, Kind: "param", Text: "q_learning: epsilon 0.05 -> 0.10"},
		{Number: 6, At: 72 * time.Second, Kind: "warning", Text: "server2: 3 requests failed in one second"},
		{Number: 7, At: 80 * time.Second, Kind: "load", Text: "offering 50 requests/s"},
	}
	return s
}

// slow5x is that scenario, some time into it.
func slow5x(elapsed time.Duration) *live.Scenario {
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
		s.Window.P95MS, s.Fault, s.FaultLeft = 310, live.Fault{Slow: 5}, 12*time.Second
	case 1:
		s.Share, s.Window.Failures, s.Failures = 0.5, 1, 8
	}
	return s
}

func second(sec, n int) metrics.Second {
	rise := 0.0
	if sec > 60 && sec < 80 {
		rise = 200
	}
	s := metrics.Second{
		At: time.Duration(sec-37) * time.Second, Phase: 2, Requests: uint64(50 + 6*wave(sec, 9)), Failures: uint64(sec % 40 / 39),
		P50MS: 66 + 9*wave(sec, 17), P95MS: 150 + rise + 30*wave(sec, 23), P99MS: 240 + 1.4*rise + 40*wave(sec, 23), MeanMS: 84,
	}
	for i := range n {
		s.Servers = append(s.Servers, metrics.ServerSecond{
			Requests: uint64(17 + 3*wave(sec+i, 11)), P95MS: 70 + rise*float64((i+1)%3)/2 + 20*wave(sec+5*i, 13), MeanMS: 55, InFlight: int(4 + 3*wave(sec+i, 19)), Utilisation: 0.34,
		})
	}
	return s
}

func learner(name string, table qlearn.Table, routes bool) live.Learner {
	l := live.Learner{
		Name: name, Routing: routes, Table: table, Agreement: 0.67,
		Params: []policy.Param{
			{Name: "epsilon", Value: 0.1, Min: 0, Max: 1, Step: 0.05},
			{Name: "alpha", Value: 0.2, Min: 0.01, Max: 1, Step: 0.05},
			{Name: "gamma", Value: 0.9, Min: 0, Max: 0.99, Step: 0.05},
		},
		Stats: qlearn.Stats{States: table.States, Episodes: 410, Updates: table.Updates, Epsilon: 0.1, Explored: 0.09, DeltaQ: 0.42, Reward: -8.4},
	}
	for i := range 20 {
		l.Decisions = append(l.Decisions, decision(table.Kind, i, len(table.Rows[0].Q), routes))
	}
	for i := range 83 {
		l.Rewards = append(l.Rewards, -14+float64(i)/15+wave(i, 7))
		l.DeltaQs = append(l.DeltaQs, 4*math.Exp(-float64(i)/30)+0.2)
	}
	return l
}

// decision is the i-th of twenty, the last one being of now.
func decision(kind string, i, n int, routes bool) live.Decision {
	d := live.Decision{At: 83*time.Second - time.Duration(19-i)*100*time.Millisecond, Explored: i%7 == 4}
	for s := range n {
		e := qlearn.Explanation{Server: s, Level: (i + s) % 5, CellMS: 52 + 9*float64(s%3), Speed: 1, SocialMS: 3 * float64((i+s)%5), Known: s%11 < 10, Available: s%13 < 12}
		if s%3 == 0 {
			e.Speed, e.CensoredMS, e.FailMS = 1.8, 4, 1.5
		}
		e.ScoreMS = e.CellMS*e.Speed + e.SocialMS + e.CensoredMS + e.FailMS
		if kind == "joint" {
			e = qlearn.Explanation{Server: s, Level: (i + s) % 3, CellMS: 99 + 20*float64(s%3), Speed: 1, ScoreMS: 99 + 20*float64(s%3), Known: true, Available: true}
			d.State = "(high, medium, high)"
		}
		d.Servers = append(d.Servers, e)
		if s > 0 && e.ScoreMS < d.Servers[d.Chosen].ScoreMS {
			d.Chosen = s
		}
	}
	if d.Explored {
		d.Chosen = n - 1
	}
	if d.Routed = d.Chosen; !routes {
		d.Routed = i % n
	}
	return d
}

var levelNames = []string{"low", "medium", "high"}

func jointTable(n int) qlearn.Table {
	t := qlearn.Table{Kind: "joint", States: 12, Updates: 4120, LastRow: 2, LastServer: min(1, n-1)}
	for r := range 12 {
		label := "("
		for i := range n {
			if i > 0 {
				label += ", "
			}
			label += levelNames[(r/(1+i%3*2)+i)%3]
		}
		t.Rows = append(t.Rows, tableRow(r, label+")", n, uint64(1200>>min(r, 9))))
	}
	return t
}

func factoredTable(n int) qlearn.Table {
	t := qlearn.Table{Kind: "factored", States: 9, Updates: 4120, LastRow: 3, LastServer: 0}
	for r, label := range []string{"0", "1", "2", "3", "4", "5", "6-7", "8-11", "12-16"} {
		t.Rows = append(t.Rows, tableRow(r, label, n, uint64(900>>r)))
	}
	return t
}

func tableRow(id int, label string, n int, seen uint64) qlearn.Row {
	r := qlearn.Row{ID: id, Label: label, Best: -1, Used: uint64(1 + (id+9)%12)} // the third was used last
	for i := range n {
		v := seen / uint64(1+i%3)
		q := 0.0
		if v > 0 {
			q = -6.5 - 1.7*float64(id) - 2.1*float64((i+id)%3)
			if r.Best < 0 || q > r.Q[r.Best] {
				r.Best = i
			}
		}
		r.Q, r.Visits = append(r.Q, q), append(r.Visits, v)
	}
	return r
}

// epoch is when every test begins.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
