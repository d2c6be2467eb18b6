package policy

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn"
	"slbtui/qlearn/factored"
)

// testOptions are the default options for n servers.
func testOptions(n int, seed uint64) Options {
	o := Options{
		Seed:      seed,
		QLearning: qlearn.DefaultConfig(),
		Encoder:   qlearn.DefaultEncoderConfig(),
		Reward:    qlearn.DefaultRewardConfig(),
		QFactored: factored.DefaultConfig(),
	}
	for i := range n {
		o.Servers = append(o.Servers, ServerInfo{ID: "server" + strconv.Itoa(i+1), Weight: 1})
	}
	return o
}

func TestRegistry(t *testing.T) {
	specs := All()
	require.Equal(t, "round_robin", specs[0].Name)
	seen := map[string]bool{}
	for _, spec := range specs {
		require.False(t, seen[spec.Name], spec.Name)
		seen[spec.Name] = true
		require.NotEmpty(t, spec.Summary, spec.Name)

		p, err := New(spec.Name, testOptions(3, 1))
		require.NoError(t, err)
		require.Equal(t, spec.Name, p.Name())

		learner, ok := p.(Learner)
		require.Equal(t, spec.Learner, ok, spec.Name)
		if spec.Learner {
			require.Implements(t, (*Inspectable)(nil), p)
			require.Implements(t, (*Persistent)(nil), p)
			require.Implements(t, (*Explainer)(nil), p)
			require.Len(t, spec.Params, len(learner.Params()), spec.Name)
		}
	}
	specs[0].Name = "changed"
	require.Equal(t, "round_robin", All()[0].Name, "the slice is the caller's")
}

func TestNewPolicyUnknown(t *testing.T) {
	_, err := New("fastest", Options{})
	require.ErrorContains(t, err, `no policy "fastest"`)
	require.ErrorContains(t, err, "round_robin, weighted_round_robin")
}
