package engine

import (
	"context"
	"runtime"
	"runtime/metrics"
	"time"

	"slbtui/engine/live"
	recorded "slbtui/engine/metrics"
	"slbtui/engine/stats"
	"slbtui/qlearn"
	"slbtui/routing"
	"slbtui/routing/policy"
)

const (
	shownPhases  = 50
	shownSeconds = 300
	shownEvents  = 500
	shownRows    = 300
	keptCurve    = 300 // seconds of reward and |dQ|
	slowFactor   = 2   // a server is SLOW when its mean response is this many times its base delay
)

// Snapshot returns the latest picture, nil before Run has begun.
func (e *Engine) Snapshot() *live.Snapshot { return e.snapshot.Load() }

// sampler is what sampling remembers from one picture to the next.
type sampler struct {
	seq     uint64
	curves  map[string]*curve
	tables  tableCopies
	cpu     time.Duration
	cpuAt   time.Duration
	cores   float64
	heap    []metrics.Sample
	seconds int
}

type curve struct{ rewards, deltas []float64 }

func newSampler() sampler {
	return sampler{
		curves: map[string]*curve{},
		tables: tableCopies{},
		heap:   []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}},
	}
}

func (e *Engine) runSampler(ctx context.Context) error {
	ticker := time.NewTicker(samplePeriod)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			e.sample()
		case <-ctx.Done():
			return nil
		}
	}
}

// sample closes the seconds that have passed and publishes a snapshot.
func (e *Engine) sample() {
	e.sampleMu.Lock()
	defer e.sampleMu.Unlock()
	now := e.journal.Now()
	status := e.pool.Status()
	for e.sampler.seconds < int(now/time.Second) {
		e.sampler.seconds++
		e.closeSecond(time.Duration(e.sampler.seconds)*time.Second, now, status)
	}
	e.sampler.seq++
	measured := e.recorder.Live()
	phases, _ := e.recorder.Phases(now, shownPhases)
	s := &live.Snapshot{
		Seq: e.sampler.seq, At: now, Started: e.journal.began, Duration: e.planned(), Seed: e.opts.Seed,
		Listen: e.Addr(), State: *e.journal.state.Load(),
		Policy: e.router.Policy().Name(), RL: e.policies.Chosen(), Policies: policyInfos(),
		Load: e.loadState(measured), Servers: e.servers(status, measured),
		Seconds: measured.Seconds[max(0, len(measured.Seconds)-shownSeconds):], Now: measured.Now, Phases: phases,
		Learners: e.learners(e.sampler.tables.as(now)), Events: e.journal.events.Latest(shownEvents), WhatIf: e.whatIf.Load(), Cost: e.cost(),
		Scenario: e.player.Playing(now), Scenarios: e.scenarios, Regret: e.regret.Regret(),
		Versus: e.versus(phases),
	}
	e.snapshot.Store(s)
}

func (e *Engine) closeSecond(at, now time.Duration, status []routing.UpstreamStatus) {
	gauges := make([]recorded.Gauge, len(status))
	for i, u := range status {
		gauges[i] = recorded.Gauge{InFlight: u.InFlight, Utilisation: -1}
		if b := e.ours[i]; b != nil {
			gauges[i].Utilisation = b.Status().Utilisation
		}
	}
	e.recorder.CloseSecond(at, gauges)
	e.regret.CloseSecond()
	for _, l := range e.policies.Learners() {
		in, ok := l.(policy.Inspectable)
		if !ok {
			continue
		}
		c := e.sampler.curves[l.Name()]
		if c == nil {
			c = &curve{}
			e.sampler.curves[l.Name()] = c
		}
		stats := in.Stats()
		c.rewards = appendKept(c.rewards, stats.Reward)
		c.deltas = appendKept(c.deltas, stats.DeltaQ)
	}
	cpu := processCPU()
	if span := now - e.sampler.cpuAt; span > 0 {
		e.sampler.cores = float64(cpu-e.sampler.cpu) / float64(span)
	}
	e.sampler.cpu, e.sampler.cpuAt = cpu, now
}

// appendKept forgets the oldest by moving the window, so that published slices stay as they are.
func appendKept(curve []float64, v float64) []float64 {
	if len(curve) == keptCurve {
		curve = curve[1:]
	}
	return append(curve, v)
}

func (e *Engine) planned() time.Duration {
	var sum time.Duration
	for _, p := range e.opts.Plan {
		sum += p.For
	}
	for _, d := range []time.Duration{e.opts.Duration, time.Duration(e.cfg.Traffic.DurationSeconds * float64(time.Second))} {
		if d > 0 && (sum == 0 || d < sum) {
			sum = d
		}
	}
	return sum
}

// versus compares the last phase of a learner with the last one of round robin, nil while there are
// not both.
func (e *Engine) versus(phases []recorded.Phase) *recorded.Difference {
	rr, other := 0, 0
	for _, p := range phases {
		if p.Policy == policy.Baseline {
			rr = p.Number
		} else {
			other = p.Number
		}
	}
	if rr == 0 || other == 0 {
		return nil
	}
	d := e.recorder.Difference(rr, other, stats.StudentT)
	return &d
}

func policyInfos() []live.PolicyInfo {
	specs := policy.All()
	out := make([]live.PolicyInfo, len(specs))
	for i, s := range specs {
		out[i] = live.PolicyInfo{Name: s.Name, Summary: s.Summary, Learner: s.Learner}
	}
	return out
}

func (e *Engine) loadState(measured recorded.Live) live.Load {
	l := live.Load{Served: float64(measured.Now.Requests) / max(1, measured.Now.ElapsedS)}
	if e.load == nil {
		return l
	}
	s := e.load.generator.Stats()
	l.Enabled, l.Rate, l.Arrivals, l.Paused, l.Finished = true, s.Rate, e.cfg.Traffic.Arrivals, s.Paused, s.Finished
	l.Scheduled, l.Sent, l.Completed, l.Failed, l.Dropped = s.Scheduled, s.Sent, s.Completed, s.Failed, s.Dropped
	l.LagP99MS, l.Lagging = s.LagP99MS, s.Lagging
	return l
}

func (e *Engine) servers(status []routing.UpstreamStatus, measured recorded.Live) []live.Server {
	var all uint64
	for _, w := range measured.Servers {
		all += w.Requests
	}
	out := make([]live.Server, len(status))
	for i, u := range status {
		cfg := e.cfg.Servers[i]
		s := live.Server{
			ID: cfg.ID, Addr: u.Host, Health: u.Health, BaseDelayMS: cfg.BaseDelayMS, Workers: cfg.Workers,
			Utilisation: -1, CPU: u.CPU, InFlight: u.InFlight, OldestAge: u.OldestAge, Ejections: u.Ejections, Window: measured.Servers[i],
			Requests: measured.Totals[i].Requests, Failures: measured.Totals[i].Failures,
		}
		if all > 0 {
			s.Share = float64(s.Window.Requests) / float64(all)
		}
		if b := e.ours[i]; b != nil {
			st := b.Status()
			s.Simulated, s.Addr = true, b.Addr()
			s.Utilisation, s.Queued = st.Utilisation, st.Queued
			s.Fault, s.FaultLeft = st.Fault, st.FaultLeft
		}
		s.State = state(u.State, s)
		out[i] = s
	}
	return out
}

func state(pool routing.State, s live.Server) string {
	switch {
	case pool != routing.StateUp:
		return pool.String()
	case s.BaseDelayMS > 0 && s.Window.MeanMS > slowFactor*s.BaseDelayMS,
		s.BaseDelayMS == 0 && (s.Health == "degraded" || s.Health == "unhealthy"):
		return "SLOW"
	default:
		return "ok"
	}
}

// learners are the learners as of now, their tables as table copies them.
func (e *Engine) learners(table func(name string, l policy.Inspectable) qlearn.Table) []live.Learner {
	routes := e.router.Policy()
	out := make([]live.Learner, 0, len(e.policies.Learners()))
	for _, l := range e.policies.Learners() {
		state := live.Learner{
			Name: l.Name(), Routing: l == routes, Idle: l != routes && !e.router.Watches(l), Params: l.Params(), Agreement: e.router.Agreement(l),
		}
		if in, ok := l.(policy.Inspectable); ok {
			state.Stats, state.Table = in.Stats(), table(l.Name(), in)
		}
		if ex, ok := l.(policy.Explainer); ok {
			state.Decisions = ex.Explained()
		}
		if c := e.sampler.curves[l.Name()]; c != nil {
			state.Rewards, state.DeltaQs = c.rewards, c.deltas
		}
		out = append(out, state)
	}
	return out
}

func (e *Engine) cost() live.Cost {
	metrics.Read(e.sampler.heap)
	return live.Cost{
		CPU: e.sampler.cores, HeapMB: float64(e.sampler.heap[0].Value.Uint64()) / (1 << 20), Goroutines: runtime.NumGoroutine(),
	}
}
