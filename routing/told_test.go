package routing

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

// seer notes what a view says of other balancers.
type seer struct {
	policy.Policy
	seen    []float64
	unheard float64
	told    bool
}

func (s *seer) Pick(v policy.View) (int, policy.Token) {
	s.unheard = v.Unheard
	s.told, s.seen = v.Foreign != nil, append(s.seen[:0], v.Foreign...)
	return s.Policy.Pick(v)
}

func TestRouterShowsWhatOthersHaveInFlight(t *testing.T) {
	first, err := policy.New("round_robin", policy.Options{})
	require.NoError(t, err)
	see := &seer{Policy: first}
	r := NewRouter(testPool(t, 2, HealthConfig{}), see)
	pick := func() {
		d, ok := r.Pick()
		require.True(t, ok)
		d.Done(policy.Outcome{})
	}
	pick()
	require.False(t, see.told)
	r.Tell([]int{4, 0})
	pick()
	require.InDelta(t, 0.93, see.unheard, 1e-9)
	for range 200 { // the mean of reports is what they all say
		r.Tell([]int{4, 0})
	}
	pick()
	require.InDelta(t, 4, see.seen[0], 0.1)
	require.InDelta(t, 0, see.seen[1], 0.1)
	require.InDelta(t, 0, see.unheard, 1e-5)
	r.Tell(nil)
	pick()
	require.False(t, see.told, "nobody tells any more")
}
