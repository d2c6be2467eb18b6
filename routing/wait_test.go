package routing

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
)

// hesitant chooses no server, at first, and takes its time for that.
type hesitant struct {
	policytest.FirstFree
	decide chan struct{} // nil: it has
}

func (h *hesitant) Pick(v policy.View) (int, policy.Token) {
	if h.decide != nil {
		<-h.decide
		h.decide = nil
		return policy.NoServer, policy.Token{}
	}
	return h.FirstFree.Pick(v)
}

// A place that was held and not used is told of, as one that was used.
func TestAPlaceThatWasNotUsedIsForThoseWhoWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testPool(t, 1, HealthConfig{}, WithLimits(LimitsConfig{MaxInFlight: 1, Queue: 1, QueueTimeout: time.Hour}))
		h := &hesitant{decide: make(chan struct{})}
		decide := h.decide
		r := NewRouter(p, h)
		go func() { _, ok := r.Pick(); require.False(t, ok) }()
		synctest.Wait()
		waited := make(chan Waited, 1)
		go func() {
			d, w := r.Wait(t.Context(), 0)
			d.Done(policy.Outcome{})
			waited <- w
		}()
		synctest.Wait()
		require.Equal(t, 1, p.Waiting())
		close(decide)
		require.Equal(t, WaitedWell, <-waited)
	})
}

// A policy that panics keeps no place.
func TestAPanicKeepsNoPlace(t *testing.T) {
	p := testPool(t, 1, HealthConfig{}, WithLimits(LimitsConfig{MaxInFlight: 1}))
	r := NewRouter(p, panicking{&policytest.FirstFree{}})
	require.Panics(t, func() { r.Pick() })
	r.SetPolicy(&policytest.FirstFree{})
	_, ok := r.Pick()
	require.True(t, ok)
}

type panicking struct{ *policytest.FirstFree }

func (panicking) Pick(policy.View) (int, policy.Token) { panic("a bug") }

// ending is a policy that panics when a request has ended.
type ending struct{ policytest.FirstFree }

func (*ending) Done(policy.Token, policy.Outcome) { panic("policy") }

// Nor does one that panics when a request has ended.
func TestAPanicInTheEndKeepsNoPlace(t *testing.T) {
	p := testPool(t, 1, HealthConfig{}, WithLimits(LimitsConfig{MaxInFlight: 1}))
	r := NewRouter(p, &ending{})
	for range 2 {
		d, ok := r.Pick()
		require.True(t, ok)
		require.Panics(t, func() { d.Done(policy.Outcome{}) })
	}
}
