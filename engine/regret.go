package engine

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"slbtui/backends"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

// regretEvery is the least time between two decisions that are looked at: enough for a mean of two
// hundred a second, whatever the rate.
const regretEvery = 5 * time.Millisecond

// regretMeter watches decisions as learners in shadow do, and learns nothing.
type regretMeter struct {
	servers   []trueServer // indexed by server
	due       atomic.Int64 // View.Now from which on a decision is looked at
	decisions atomic.Uint64

	mu      sync.Mutex
	seen    regretSum   // since the last fold, of the decisions looked at
	phase   regretTotal // of the policy that routes
	run     regretTotal
	seconds []float64
}

type trueServer struct {
	backend *backends.Server
	baseMS  float64
	workers int
}

type regretSum struct {
	ms float64
	n  int
}

// regretTotal adds up regrets over the decisions that those looked at stand for.
type regretTotal struct{ ms, decisions float64 }

// newRegretMeter returns nil where a server is not ours: then nobody knows the truth.
func (e *Engine) newRegretMeter(cfg config.Config) *regretMeter {
	m := &regretMeter{}
	for i, s := range cfg.Servers {
		if s.URL != "" || e.backends[i] == nil {
			return nil
		}
		m.servers = append(m.servers, trueServer{e.backends[i], s.BaseDelayMS, s.Workers})
	}
	return m
}

// Observe takes a decision into account. It is called for each request.
func (m *regretMeter) Observe(v policy.View, server int) (t policy.Token, would int) {
	m.decisions.Add(1)
	due := m.due.Load()
	if int64(v.Now) < due || !m.due.CompareAndSwap(due, int64(v.Now+regretEvery)) {
		return policy.Token{}, server
	}
	chosen, best, would := 0.0, math.Inf(1), server
	for i := range m.servers {
		if i != server && !v.Servers[i].Available {
			continue
		}
		cost := m.servers[i].truth().ExpectedMS()
		if i == server {
			chosen = cost
		}
		if cost < best {
			best, would = cost, i
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen.ms += chosen - best
	m.seen.n++
	return policy.Token{}, would
}

func (s *trueServer) truth() simulate.Truth {
	c := s.backend.Condition()
	t := simulate.Truth{
		MeanMS: s.baseMS, Workers: s.workers, Holding: c.Busy + c.Queued, ErrorRate: c.Fault.ErrorRate, Crashed: c.Fault.Crash,
		DelayMS: float64(c.Fault.Delay) / float64(time.Millisecond),
	}
	if c.Fault.Slow > 0 {
		t.MeanMS *= c.Fault.Slow
	}
	if c.Fault.Stall {
		t.StallMS = math.Inf(1)
		if c.StallLeft > 0 {
			t.StallMS = float64(c.StallLeft) / float64(time.Millisecond)
		}
	}
	return t
}

// turn begins the account of another policy.
func (m *regretMeter) turn() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fold()
	m.phase = regretTotal{}
}

// closeSecond ends a second of the curve.
func (m *regretMeter) closeSecond() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seconds = appendKept(m.seconds, m.fold())
}

// fold adds what was seen to the totals, and returns its mean in ms.
func (m *regretMeter) fold() float64 {
	decisions := float64(m.decisions.Swap(0))
	if m.seen.n == 0 {
		return 0
	}
	mean := m.seen.ms / float64(m.seen.n)
	m.phase.add(mean, decisions)
	m.run.add(mean, decisions)
	m.seen = regretSum{}
	return mean
}

func (t *regretTotal) add(mean, decisions float64) {
	t.ms += mean * decisions
	t.decisions += decisions
}

// regret is the account so far, nil without one.
func (m *regretMeter) regret() *live.Regret {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r := &live.Regret{Seconds: m.seconds, PhaseMS: m.phase.ms / max(1, m.phase.decisions), TotalS: m.run.ms / 1000}
	recent := m.seconds[max(0, len(m.seconds)-5):]
	for _, ms := range recent {
		r.NowMS += ms / float64(len(recent))
	}
	return r
}

// The rest of a learner: it never routes and has nothing to learn, to tune or to forget.

func (*regretMeter) Name() string { return "regret" }
func (*regretMeter) Pick(policy.View) (int, policy.Token) {
	return policy.NoServer, policy.Token{}
}
func (*regretMeter) Done(policy.Token, policy.Outcome) {}
func (*regretMeter) Params() []policy.Param            { return nil }
func (*regretMeter) SetParam(name string, _ float64) error {
	return fmt.Errorf("regret has no parameter %q", name)
}
func (*regretMeter) Reset() {}
