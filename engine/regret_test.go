package engine

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/routing/policy"
)

func TestRegretIsOnTheSnapshot(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 1})
	s := eventually(t, e, func(s *live.Snapshot) bool { return s.Regret != nil && len(s.Regret.Seconds) > 1 })
	require.Greater(t, s.Regret.Seconds[1], 0.5, "round robin sends two thirds to slower servers")
	require.Greater(t, s.Regret.TotalS, 0.0)
	require.Len(t, s.Learners, len(policy.LearnerNames()), "it is no learner")

	require.Nil(t, start(t, quickConfig(), Options{Alone: true}).Snapshot().Regret, "nothing is watched beside an experiment")
	cfg := quickConfig()
	cfg.Servers = append(cfg.Servers, config.Server{ID: "mine", URL: "http://127.0.0.1:1", Weight: 1})
	require.Nil(t, start(t, cfg, Options{}).Snapshot().Regret, "nobody knows the truth about a server that is not ours")
}
