package routing

import (
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
)

func testPool(t testing.TB, n int, h HealthConfig, opts ...PoolOption) *Pool {
	t.Helper()
	ups := make([]UpstreamConfig, n)
	for i := range ups {
		ups[i] = UpstreamConfig{ID: fmt.Sprintf("s%d", i+1), URL: &url.URL{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", i+1)}}
	}
	p, err := NewPool(ups, h, opts...)
	require.NoError(t, err)
	return p
}

// watcher is a learner that always would choose the server `would`.
type watcher struct {
	policytest.FirstFree
	would    int
	observed []int
}

func (*watcher) Name() string { return "watcher" }
func (w *watcher) Observe(v policy.View, server int) (policy.Token, int) {
	if w.Panics {
		panic("learner bug")
	}
	w.Mu.Lock()
	defer w.Mu.Unlock()
	w.observed = append(w.observed, server)
	return policy.Token{Server: server, Serial: uint64(100 + len(w.observed))}, w.would
}
func (*watcher) Params() []policy.Param         { return nil }
func (*watcher) SetParam(string, float64) error { return nil }
func (*watcher) Reset()                         {}

func TestPickCountsInFlightAtOnce(t *testing.T) {
	p := testPool(t, 2, HealthConfig{})
	f := &policytest.FirstFree{}
	r := NewRouter(p, f)
	a, ok := r.Pick()
	require.True(t, ok)
	require.Equal(t, 0, a.Server())
	require.Equal(t, "first_free", a.Policy())
	require.Equal(t, 1, p.Status()[0].InFlight)
	b, ok := r.Pick(0)
	require.True(t, ok)
	require.Equal(t, 1, b.Server(), "a server already tried is excluded")
	require.Equal(t, 1, f.Views[1].Servers[0].InFlight)
	_, ok = r.Pick(0, 1)
	require.False(t, ok)

	a.Done(policy.Outcome{Status: 200})
	b.Done(policy.Outcome{Status: 503})
	s := p.Status()
	require.Zero(t, s[0].InFlight+s[1].InFlight)
	require.EqualValues(t, 0, s[0].Failures)
	require.EqualValues(t, 1, s[1].Failures)
	require.Zero(t, s[1].ResponseMS, "a failure is no measurement")
	require.EqualValues(t, []uint64{1, 2}, []uint64{f.Tokens[0].Serial, f.Tokens[1].Serial})
}

func TestDoneCountsOnce(t *testing.T) {
	p := testPool(t, 1, HealthConfig{})
	f := &policytest.FirstFree{}
	r := NewRouter(p, f)
	a, _ := r.Pick()
	stale := a
	first := a.Done(policy.Outcome{Now: time.Second, Latency: 20 * time.Millisecond, Status: 200})
	require.Equal(t, 20*time.Millisecond, first.Latency)
	b, _ := r.Pick() // may run on the same record
	stale.Done(policy.Outcome{Status: 500})
	stale.Answered(policy.Outcome{Status: 500})
	require.Equal(t, 1, p.Status()[0].InFlight)
	b.Done(policy.Outcome{Status: 200})
	require.Len(t, f.Outcomes, 2)
	require.Zero(t, p.Status()[0].Failures)
	Decision{}.Done(policy.Outcome{})
}

func TestAnsweredReportsEarlyAndStaysInFlight(t *testing.T) {
	p := testPool(t, 1, HealthConfig{})
	f := &policytest.FirstFree{}
	d, _ := NewRouter(p, f).Pick()
	d.Answered(policy.Outcome{Status: 101})
	d.Answered(policy.Outcome{Status: 500})
	require.Len(t, f.Outcomes, 1)
	require.Equal(t, 1, p.Status()[0].InFlight)
	require.Zero(t, p.Status()[0].OldestAge)
	d.Done(policy.Outcome{Failure: policy.FailureRemote})
	require.Len(t, f.Outcomes, 1)
	require.Zero(t, p.Status()[0].InFlight)
	require.EqualValues(t, 1, p.Status()[0].Requests)
}

func TestShadowsWatchUnlessTheyRoute(t *testing.T) {
	p := testPool(t, 2, HealthConfig{})
	f, yes, no := &policytest.FirstFree{}, &watcher{would: 0}, &watcher{would: 1}
	r := NewRouter(p, f, yes, no)
	require.Zero(t, r.Agreement(yes))
	for range 10 {
		d, _ := r.Pick()
		d.Done(policy.Outcome{Status: 200})
	}
	require.EqualValues(t, 1, r.Agreement(yes))
	require.Zero(t, r.Agreement(no))
	require.Len(t, yes.observed, 10)
	require.EqualValues(t, 101, yes.Tokens[0].Serial, "each learner gets its own token back")
	require.Zero(t, r.Agreement(&watcher{}), "a stranger")

	open, _ := r.Pick()
	r.SetPolicy(no)
	require.Same(t, no, r.Policy())
	require.EqualValues(t, 1, r.Agreement(no))
	require.Zero(t, r.Agreement(yes), "agreement is with who routes now")
	open.Done(policy.Outcome{Status: 200})
	require.Len(t, f.Outcomes, 11, "a request completes under the policy that chose for it")
	require.Len(t, no.Outcomes, 11)

	d, _ := r.Pick()
	d.Done(policy.Outcome{Status: 200})
	require.Len(t, no.observed, 11, "who routes does not watch itself")
	require.Len(t, no.Outcomes, 12)
}

func TestPanickingPoliciesLeakNothing(t *testing.T) {
	p := testPool(t, 1, HealthConfig{})
	r := NewRouter(p, &policytest.FirstFree{Panics: true})
	require.Panics(t, func() { r.Pick() })
	w := &watcher{}
	w.Panics = true
	r = NewRouter(p, &policytest.FirstFree{}, w)
	require.Panics(t, func() { r.Pick() })
	require.Zero(t, p.Status()[0].InFlight)
}

func TestRouterConcurrently(t *testing.T) {
	p := testPool(t, 3, HealthConfig{})
	w := &watcher{}
	r := NewRouter(p, &policytest.Turns{}, w)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 200 {
				d, ok := r.Pick()
				if !ok {
					panic("no server")
				}
				if g == 0 && i%50 == 0 {
					r.SetPolicy([]policy.Policy{&policytest.Turns{}, w}[i/50%2])
				}
				d.Done(policy.Outcome{Status: 200})
				d.Done(policy.Outcome{Status: 500})
			}
		})
	}
	wg.Wait()
	var requests, failures uint64
	for _, s := range p.Status() {
		require.Zero(t, s.InFlight)
		requests, failures = requests+s.Requests, failures+s.Failures
	}
	require.EqualValues(t, 1600, requests)
	require.Zero(t, failures)
}

// BenchmarkServing is what a request of slbtui serve pays for its decision, with eight requests per
// server in flight: one goroutine after another, and all processors at once.
func BenchmarkServing(b *testing.B) {
	for _, n := range []int{3, 100} {
		for _, name := range []string{"round_robin", "q_factored"} {
			q := policy.NewQFactored(testOptions(n))
			chosen := policy.Policy(q)
			if name != q.Name() {
				chosen = testPolicy(b, name, n)
			}
			serve := func(r *Router, inFlight []Decision, next func() bool) {
				for i := 0; next(); i++ {
					oldest := &inFlight[i%len(inFlight)]
					oldest.Done(policy.Outcome{Status: 200})
					*oldest, _ = r.Pick()
				}
			}
			b.Run(fmt.Sprintf("%s/N=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				serve(NewRouter(testPool(b, n, DefaultHealthConfig()), chosen, q), make([]Decision, 8*n), b.Loop)
			})
			b.Run(fmt.Sprintf("%s/N=%d/parallel", name, n), func(b *testing.B) {
				r := NewRouter(testPool(b, n, DefaultHealthConfig()), chosen, q)
				b.ReportAllocs()
				b.RunParallel(func(pb *testing.PB) { serve(r, make([]Decision, 4*n), pb.Next) })
			})
		}
	}
}

// BenchmarkRouter is a decision and its completion, with eight requests per server in flight, while no
// learner watches and while all of the registry do.
func BenchmarkRouter(b *testing.B) {
	for _, n := range []int{3, 100} {
		var all []policy.Watcher
		for _, spec := range policy.All() {
			if spec.Learner {
				all = append(all, spec.New(testOptions(n)).(policy.Watcher))
			}
		}
		for _, shadows := range [][]policy.Watcher{nil, all} {
			b.Run(fmt.Sprintf("N=%d/shadows=%d", n, len(shadows)), func(b *testing.B) {
				r := NewRouter(testPool(b, n, DefaultHealthConfig()), &policytest.Turns{}, shadows...)
				inFlight := make([]Decision, 8*n)
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					oldest := &inFlight[i%len(inFlight)]
					oldest.Done(policy.Outcome{Status: 200})
					*oldest, _ = r.Pick()
				}
			})
		}
	}
}
