// Package regret measures what choices cost: how much longer requests are expected to take than at the server
// that would have been best for each. It watches as a learner does, learns nothing and never routes; it
// has no goroutine.
package regret

import (
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

// every is the least time between two decisions that are looked at: enough for a mean of two
// hundred a second, whatever the rate.
const every = 5 * time.Millisecond

const keptRegret = 300 // seconds of the curve

// Meter watches decisions as learners in shadow do, and learns nothing.
type Meter struct {
	servers   []trueServer // indexed by server
	due       atomic.Int64 // View.Now from which on a decision is looked at
	decisions atomic.Uint64

	mu      sync.Mutex
	seen    sum   // since the last fold, of the decisions looked at
	phase   total // of the policy that routes
	run     total
	seconds []float64
}

// trueServer is one of ours, and what it is when nothing is wrong with it.
type trueServer struct {
	backend *backends.Server
	baseMS  float64 // mean service time
	workers int
}

type sum struct {
	ms float64
	n  int
}

// total adds up regrets over the decisions that those looked at stand for.
type total struct{ ms, decisions float64 }

// New returns a meter for the servers of a configuration, or nil where one of them is not ours:
// then nobody knows the truth.
func New(servers []config.Server, ours []*backends.Server) *Meter {
	if len(servers) == 0 {
		return nil
	}
	m := &Meter{}
	for i, s := range servers {
		if s.URL != "" || ours[i] == nil {
			return nil
		}
		m.servers = append(m.servers, trueServer{ours[i], s.BaseDelayMS, s.Workers})
	}
	return m
}

// Observe takes a decision into account. It is called for each request.
func (m *Meter) Observe(v policy.View, server int) (t policy.Token, would int) {
	m.decisions.Add(1)
	due := m.due.Load()
	if int64(v.Now) < due || !m.due.CompareAndSwap(due, int64(v.Now+every)) {
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

// Turn begins the account of another policy.
func (m *Meter) Turn() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fold()
	m.phase = total{}
}

// CloseSecond ends a second of the curve.
func (m *Meter) CloseSecond() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.seconds) == keptRegret { // by moving the window, so that published slices stay as they are
		m.seconds = m.seconds[1:]
	}
	m.seconds = append(m.seconds, m.fold())
}

// fold adds what was seen to the totals, and returns its mean in ms.
func (m *Meter) fold() float64 {
	decisions := float64(m.decisions.Swap(0))
	if m.seen.n == 0 {
		return 0
	}
	mean := m.seen.ms / float64(m.seen.n)
	m.phase.add(mean, decisions)
	m.run.add(mean, decisions)
	m.seen = sum{}
	return mean
}

func (t *total) add(mean, decisions float64) {
	t.ms += mean * decisions
	t.decisions += decisions
}

// Regret is the account so far, nil without one.
func (m *Meter) Regret() *live.Regret {
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

// Done has nothing to learn: the decision has told all.
func (*Meter) Done(policy.Token, policy.Outcome) {}
