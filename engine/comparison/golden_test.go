package comparison

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/simulate"
)

var update = flag.Bool("update", false, "rewrite the checked-in report")

// A small report is made again and compared exactly, so that a change in the behaviour of the world
// shows as a difference. Learners are left out: to tune one is no change of the world.
func TestReportIsCheckedIn(t *testing.T) {
	plan := Plan{Scenarios: short(t, "slow5x", "blackhole", "crash", "unlike10", "random:1"),
		Policies: append(simulate.ClassicalPolicies(), simulate.GreedyClairvoyant, simulate.SocialClairvoyant), Seeds: SeedRange(1, 2), Options: parameters()}
	for i := range plan.Scenarios {
		sc := &plan.Scenarios[i]
		sc.Duration = 9 * time.Second
		for f := range sc.Faults {
			sc.Faults[f].At, sc.Faults[f].For = 3*time.Second, 3*time.Second
		}
	}
	r, err := Compare(t.Context(), plan, nil)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, WriteMarkdown(&b, r))
	checkedIn(t, "testdata/report.md", b.Bytes())
}

func checkedIn(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "run go test ./engine/comparison -run %s -update if this is meant", t.Name())
}
