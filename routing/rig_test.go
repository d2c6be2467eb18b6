package routing

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy"
)

// testOptions are the default options for n servers.
func testOptions(n int) policy.Options {
	o := policy.Options{
		Seed:      1,
		QLearning: qlearn.DefaultConfig(),
		Encoder:   qlearn.DefaultEncoderConfig(),
		Reward:    qlearn.DefaultRewardConfig(),
		QFactored: factored.DefaultConfig(),
	}
	for i := range n {
		o.Servers = append(o.Servers, policy.ServerInfo{ID: "server" + strconv.Itoa(i+1), Weight: 1})
	}
	return o
}

// testPolicy is one of the registry's, for n servers.
func testPolicy(t testing.TB, name string, n int) policy.Policy {
	p, err := policy.New(name, testOptions(n))
	require.NoError(t, err)
	return p
}
