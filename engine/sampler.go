package engine

import (
	"context"
	"runtime"
	"runtime/metrics"
	"time"

	"slbtui/engine/discovery"
	"slbtui/engine/live"
	recorded "slbtui/engine/metrics"
	"slbtui/engine/play"
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
	givenUp      = 10  // a server is SLOW when clients waited no longer for more than one in so many of its requests
	slowFactor   = 2   // a server is SLOW when its mean response is this many times its base delay
)

// Snapshot returns the latest picture, nil before Run has begun.
func (e *Engine) Snapshot() *live.Snapshot { return e.snapshot.Load() }

// sampler takes pictures of the run, one at a time.
type sampler struct {
	opts      Options
	listen    string // the proxy's address
	front     *frontend
	journal   *journal
	recorder  *recorded.Recorder
	load      *load // nil when traffic comes from elsewhere
	player    *play.Player
	scenarios []live.ScenarioInfo // constant
	desk      *desk
	found     *discovery.Follower // nil unless servers are found

	// What is remembered from one picture to the next.
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

func newSampler(o Options, front *frontend, j *journal, r *recorded.Recorder, l *load, p *play.Player, d *desk, f *discovery.Follower) *sampler {
	return &sampler{
		opts: o, listen: front.addr(), front: front, journal: j, recorder: r, load: l, player: p, scenarios: p.Infos(), desk: d, found: f,
		curves: map[string]*curve{}, tables: tableCopies{}, heap: []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}},
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

// sample publishes a snapshot.
func (e *Engine) sample() {
	e.current.hold(func(b *balancer) { e.snapshot.Store(e.sampler.take(b)) })
}

// take closes the seconds that have passed, and takes a picture of the run with the balancer of the moment.
func (s *sampler) take(b *balancer) *live.Snapshot {
	now := s.journal.Now()
	status := b.pool.Status()
	for s.seconds < int(now/time.Second) {
		s.seconds++
		s.closeSecond(b, time.Duration(s.seconds)*time.Second, now, status)
	}
	s.seq++
	measured := s.recorder.Live()
	phases, _ := s.recorder.Phases(now, shownPhases)
	return &live.Snapshot{
		Seq: s.seq, At: now, Started: s.journal.began, Duration: length(s.opts, b.cfg.Traffic), Seed: s.opts.Seed,
		Listen: s.listen, State: *s.journal.state.Load(), Program: s.opts.Version,
		Policy: b.router.Policy().Name(), RL: b.policies.Chosen(), Shadow: b.cfg.LoadBalancer.Shadow, Policies: policyInfos(b.policies.Options().Specs()),
		Load: s.load.state(measured), Waiting: b.pool.Waiting(), Fronts: []live.Front{s.front.state()}, Servers: b.state(status, measured),
		Seconds: measured.Seconds[max(0, len(measured.Seconds)-shownSeconds):], Now: measured.Now, Phases: phases,
		Learners: s.learners(b, s.tables.as(now)), Events: s.journal.events.Latest(shownEvents), WhatIf: s.desk.latest.Load(), LookBack: s.desk.back.Load(), Cost: s.cost(),
		Scenario: s.player.Playing(now), Scenarios: s.scenarios, Replay: s.opts.Replay.At(now), Regret: b.regret.Regret(),
		Versus: versus(s.recorder, phases), Discovery: s.found.State(),
	}
}

func (s *sampler) closeSecond(b *balancer, at, now time.Duration, status []routing.UpstreamStatus) {
	gauges := make([]recorded.Gauge, len(status))
	for i, u := range status {
		gauges[i] = recorded.Gauge{InFlight: u.InFlight, Utilisation: -1}
		if ours := b.ours[i]; ours != nil {
			gauges[i].Utilisation = ours.Status().Utilisation
		}
	}
	s.recorder.CloseSecond(at, gauges)
	b.regret.CloseSecond()
	for _, l := range b.policies.Learners() {
		in, ok := l.(policy.Inspectable)
		if !ok {
			continue
		}
		c := s.curves[l.Name()]
		if c == nil {
			c = &curve{}
			s.curves[l.Name()] = c
		}
		stats := in.Stats()
		c.rewards = appendKept(c.rewards, stats.Reward)
		c.deltas = appendKept(c.deltas, stats.DeltaQ)
	}
	cpu := processCPU()
	if span := now - s.cpuAt; span > 0 {
		s.cores = float64(cpu-s.cpu) / float64(span)
	}
	s.cpu, s.cpuAt = cpu, now
}

// appendKept forgets the oldest by moving the window, so that published slices stay as they are.
func appendKept(curve []float64, v float64) []float64 {
	if len(curve) == keptCurve {
		curve = curve[1:]
	}
	return append(curve, v)
}

// learners are the learners as of now, their tables as table copies them.
func (s *sampler) learners(b *balancer, table func(name string, l policy.Inspectable) qlearn.Table) []live.Learner {
	routes := b.router.Policy()
	out := make([]live.Learner, 0, len(b.policies.Learners()))
	for _, l := range b.policies.Learners() {
		state := live.Learner{
			Name: l.Name(), Routing: l == routes, Idle: l != routes && !b.router.Watches(l), Params: l.Params(), Agreement: b.router.Agreement(l),
		}
		if in, ok := l.(policy.Inspectable); ok {
			state.Stats, state.Table = in.Stats(), table(l.Name(), in)
		}
		if ex, ok := l.(policy.Explainer); ok {
			state.Decisions = ex.Explained()
		}
		if c := s.curves[l.Name()]; c != nil {
			state.Rewards, state.DeltaQs = c.rewards, c.deltas
		}
		out = append(out, state)
	}
	return out
}

func (s *sampler) cost() live.Cost {
	metrics.Read(s.heap)
	return live.Cost{
		CPU: s.cores, HeapMB: float64(s.heap[0].Value.Uint64()) / (1 << 20), Goroutines: runtime.NumGoroutine(),
	}
}
