package simreport_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/comparison"
	"slbtui/engine/simulate"
	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy"
)

// The checked-in results are what the code of today gives: a part of them is run again and must be
// the same to the last digit. After a change in behaviour that is meant:
//
//	go run . simulate --scenario all --seeds 20 --seed 5001 --out docs/results --overwrite
func TestCheckedInResultsStillHold(t *testing.T) {
	checkedIn := map[string]string{}
	file, err := os.Open("../../docs/results/simulation.jsonl")
	require.NoError(t, err)
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var key struct{ Scenario, Policy string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &key))
		checkedIn[key.Scenario+"/"+key.Policy] = lines.Text()
	}

	plan := comparison.Plan{
		Policies: []string{"round_robin", "least_request", "peak_ewma_full", "q_learning", "q_factored"},
		Seeds:    comparison.SeedRange(5001, 20),
		Options: policy.Options{
			QLearning: qlearn.DefaultConfig(), Encoder: qlearn.DefaultEncoderConfig(),
			Reward: qlearn.DefaultRewardConfig(), QFactored: factored.DefaultConfig(),
		},
	}
	sc, err := simulate.Lookup("slow5x")
	require.NoError(t, err)
	plan.Scenarios = []simulate.Scenario{sc}
	report, err := comparison.Compare(t.Context(), plan, nil)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, comparison.WriteJSON(&b, report))
	lines := bufio.NewScanner(&b)
	n := 0
	for ; lines.Scan(); n++ {
		var key struct{ Scenario, Policy string }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &key))
		require.Equal(t, checkedIn[key.Scenario+"/"+key.Policy], lines.Text(), "docs/results is out of date")
	}
	require.Equal(t, len(plan.Policies), n)
}
