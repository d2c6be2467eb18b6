package policy

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn"
	"slbtui/qlearn/deep"
	"slbtui/qlearn/factored"
	"slbtui/qlearn/shared"
)

// testOptions are the default options for n servers.
func testOptions(n int, seed uint64) Options {
	o := Options{
		Seed:      seed,
		QLearning: qlearn.DefaultConfig(),
		Encoder:   qlearn.DefaultEncoderConfig(),
		Reward:    qlearn.DefaultRewardConfig(),
		QFactored: factored.DefaultConfig(),
		DQN:       deep.DefaultConfig(),
		QNetwork:  shared.DefaultConfig(),
	}
	for i := range n {
		o.Servers = append(o.Servers, ServerInfo{ID: "server" + strconv.Itoa(i+1), Weight: 1})
	}
	return o
}

func TestRegistry(t *testing.T) {
	specs := All()
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
	require.Equal(t, Baseline, All()[0].Name, "the slice is the caller's")
}

func TestBaselineIsAPolicyThatDoesNotLearn(t *testing.T) {
	p, err := New(Baseline, testOptions(3, 1))
	require.NoError(t, err)
	require.NotImplements(t, (*Learner)(nil), p)
	require.Equal(t, Baseline, All()[0].Name)
}

func TestUnknownNamesHaveOneWording(t *testing.T) {
	learners := strings.Join(LearnerNames(), ", ")
	wording := `"fastest" is not a policy (` + strings.Join(Names(), ", ")
	_, err := New("fastest", Options{})
	require.EqualError(t, err, wording+")")
	require.EqualError(t, Options{}.Check("fastest"), wording+")")
	require.EqualError(t, Options{}.Check("fastest", "clairvoyant"), wording+", clairvoyant)")
	require.NoError(t, Options{}.Check("clairvoyant", "clairvoyant"))
	require.EqualError(t, CheckLearner("round_robin"), `"round_robin" is not a learner (`+learners+")")
	require.NoError(t, CheckLearner("double_q"))
}
