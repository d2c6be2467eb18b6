package engine

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/routing/policy"
)

func TestWhoWatches(t *testing.T) {
	cheap := []string{"q_learning", "expected_sarsa", "double_q", "q_factored"}
	for _, c := range []struct {
		shadow  string
		servers int
		run     config.Run
		want    []string
	}{
		{"auto", 3, config.Shown, cheap},
		{"auto", config.ShadowedServers, config.Shown, cheap},
		{"auto", config.ShadowedServers + 1, config.Shown, []string{"q_factored"}},
		{"auto", 3, config.Serving, []string{"q_factored"}},
		{"all", 100, config.Serving, policy.LearnerNames()},
		{"none", 3, config.Shown, nil},
		{"q_factored,  double_q", 3, config.Serving, []string{"double_q", "q_factored"}},
	} {
		t.Run(fmt.Sprintf("%s/%d/%v", c.shadow, c.servers, c.run), func(t *testing.T) {
			cfg := config.Default()
			cfg.LoadBalancer.Shadow = c.shadow
			cfg.Servers = nil
			for i := range c.servers {
				s := config.SimulatedServer()
				s.ID, s.BaseDelayMS = fmt.Sprint("s", i), 1
				cfg.Servers = append(cfg.Servers, s)
			}
			require.NoError(t, cfg.Validate())
			set, err := policy.NewSet(cfg.PolicyOptions(), "q_learning")
			require.NoError(t, err)
			var got []string
			for _, l := range set.Watching(cfg.Shadows(c.run)) {
				got = append(got, l.(policy.Learner).Name())
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestShadowNamesLearners(t *testing.T) {
	for _, list := range []string{"", "round_robin", "q_factored,", "all, q_factored", "auto,none"} {
		cfg := config.Default()
		cfg.LoadBalancer.Shadow = list
		require.ErrorContains(t, cfg.Validate(), "load_balancer.shadow", list)
	}
}

// A learner that does not watch can be switched to: it starts cold, says so, and learns from then on.
func TestSwitchToALearnerThatDoesNotWatch(t *testing.T) {
	cfg := quickConfig()
	cfg.LoadBalancer.Shadow = "q_factored"
	e := start(t, cfg, Options{Seed: 1})
	eventually(t, e, func(s *live.Snapshot) bool { return tableOf(s, "q_factored").Stats.Updates > 5 })
	before := tableOf(e.Snapshot(), "double_q")
	require.True(t, before.Idle)
	require.Zero(t, before.Stats.Updates)
	require.False(t, tableOf(e.Snapshot(), "q_factored").Idle)

	do(t, e, live.SetPolicy{Name: "double_q"})
	s := e.Snapshot()
	require.Contains(t, s.Events[len(s.Events)-1].Text, "round_robin → double_q, which starts cold")
	require.EqualValues(t, 1, tableOf(s, "double_q").Agreement)
	require.False(t, s.Phases[len(s.Phases)-1].WarmStart)
	eventually(t, e, func(s *live.Snapshot) bool { return tableOf(s, "double_q").Stats.Updates > 5 })

	do(t, e, live.SetPolicy{Name: "q_factored"})
	s = e.Snapshot()
	require.Equal(t, "double_q → q_factored", s.Events[len(s.Events)-1].Text, "it has watched")
	require.True(t, tableOf(s, "double_q").Idle)
}
