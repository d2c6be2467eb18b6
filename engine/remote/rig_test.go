package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/admin"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/qlearn"
)

const patience = 20 * time.Second

// balancer is a run that goes on as it is told to, without traffic.
type balancer struct {
	mu   sync.Mutex
	snap *live.Snapshot
	got  []live.Command
	err  error
}

func newBalancer(policy string) *balancer {
	return &balancer{snap: &live.Snapshot{
		Seq: 1, Started: time.Now().UTC(), State: live.RunRunning, Policy: policy, Policies: []live.PolicyInfo{{Name: "p2c"}},
		Servers:  []live.Server{{ID: "s1", State: live.ServerOK}},
		Learners: []live.Learner{{Name: "q_factored", Table: qlearn.Table{Kind: "factored", Rows: []qlearn.Row{{Label: "0", Q: []float64{1}}}}}},
	}}
}

func (b *balancer) Snapshot() *live.Snapshot {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.snap
}

// goOn is a tenth of a second, in which something happens.
func (b *balancer) goOn(what func(*live.Snapshot)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := *b.snap
	next.Seq++
	next.Seconds = append(next.Seconds[:len(next.Seconds):len(next.Seconds)], metrics.Second{At: time.Duration(next.Seq) * time.Second})
	next.Learners = []live.Learner{next.Learners[0]}
	next.Learners[0].Table.Rows = []qlearn.Row{{Label: fmt.Sprint(next.Seq), Q: []float64{float64(next.Seq)}}}
	what(&next)
	b.snap = &next
}

func (b *balancer) Do(_ context.Context, cmd live.Command) error {
	if _, note := cmd.(live.Note); note {
		return nil
	}
	if b.err != nil {
		return b.err
	}
	b.goOn(func(s *live.Snapshot) {
		if c, ok := cmd.(live.SetPolicy); ok {
			s.Policy = c.Name
		}
	})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, cmd)
	return nil
}

// served runs an admin listener for b at an address, until stop.
func served(t *testing.T, b admin.Engine, how config.Admin) (address string, stop func()) {
	t.Helper()
	s, err := admin.Listen(how, b)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-done)
	})
	t.Cleanup(stop)
	return s.Addr(), stop
}

// attached follows balancers.
func attached(t *testing.T, o Options, addresses ...string) *Engine {
	t.Helper()
	e, err := Open(addresses, o)
	require.NoError(t, err)
	require.NoError(t, e.Meet(t.Context()))
	ctx, cancel := context.WithCancel(context.Background())
	var run sync.WaitGroup
	run.Go(func() { e.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		run.Wait()
	})
	return e
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	require.Eventually(t, is, patience, 5*time.Millisecond, what)
}

func asJSON(t *testing.T, s *live.Snapshot) string {
	t.Helper()
	b, err := json.Marshal(s)
	require.NoError(t, err)
	return string(b)
}
