package simreport

import (
	"bytes"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/comparison"
	"slbtui/engine/simulate"
	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy"
)

func compare(t *testing.T, policies []string, scenarios ...string) comparison.Report {
	plan := comparison.Plan{Policies: policies, Seeds: comparison.SeedRange(1, 2), Options: policy.Options{
		QLearning: qlearn.DefaultConfig(), Encoder: qlearn.DefaultEncoderConfig(),
		Reward: qlearn.DefaultRewardConfig(), QFactored: factored.DefaultConfig(),
	}}
	for _, name := range scenarios {
		sc, err := simulate.Lookup(name)
		require.NoError(t, err)
		sc.Duration = 10 * time.Second
		for i := range sc.Faults {
			sc.Faults[i].At, sc.Faults[i].For = 3*time.Second, 3*time.Second
		}
		plan.Scenarios = append(plan.Scenarios, sc)
	}
	r, err := comparison.Compare(t.Context(), plan, nil)
	require.NoError(t, err)
	return r
}

func TestWrite(t *testing.T) {
	r := compare(t, []string{"round_robin", "least_request", "q_factored"}, "unlike3", "blackhole", "random:4")
	dir := filepath.Join(t.TempDir(), "new", "folder")
	files, err := Write(dir, r)
	require.NoError(t, err)
	var names []string
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	require.NoError(t, err)
	for _, path := range files {
		name := filepath.Base(path)
		names = append(names, name)
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		if strings.HasSuffix(name, ".png") {
			_, err = png.Decode(bytes.NewReader(data))
			require.NoError(t, err, name)
			require.Contains(t, string(readme), "("+name+")")
		}
	}
	require.Subset(t, names, []string{"README.md", "simulation.jsonl", "against_p99.png", "against_mean.png",
		"recovery_blackhole.png", "learning_unlike3.png", "regret_random_4.png", "tail_unlike3.png"})

	for _, p := range picturesOf(r)[:3] {
		var again bytes.Buffer
		require.NoError(t, p.draw(&again))
		first, err := os.ReadFile(filepath.Join(dir, p.file))
		require.NoError(t, err)
		require.True(t, bytes.Equal(first, again.Bytes()), "%s is the same each time", p.file)
	}
}

// Whatever policies ran, every picture can be drawn: all of them, one, or one that only fails.
func TestPicturesOfAnyReport(t *testing.T) {
	dead := compare(t, []string{"round_robin"}, "deadstart")
	for i := range dead.Comparisons[0].Rows {
		row := &dead.Comparisons[0].Rows[i]
		row.All.MeanMS, row.All.P99MS, row.Tail, row.Curve = 0, 0, simulate.Tail{}, make([]comparison.Band, 5)
		for s := range row.Seconds {
			row.Seconds[s].P95MS = 0
		}
	}
	for name, r := range map[string]comparison.Report{
		"all":   compare(t, simulate.Policies(policy.Options{}), "crash"),
		"sizes": compare(t, []string{"p2c"}, "unlike10", "unlike3"),
		"one":   compare(t, []string{"q_learning"}, "trap"),
		"none":  {},
		"never": dead,
	} {
		for _, p := range picturesOf(r) {
			if name == "sizes" && p.file != "p99_by_servers.png" {
				continue
			}
			var b bytes.Buffer
			require.NoError(t, p.draw(&b), "%s of %s", p.file, name)
			require.NotZero(t, b.Len())
		}
	}
}

func TestFullReportFeaturesSome(t *testing.T) {
	r := compare(t, []string{"p2c"}, "seed", "steady60", "steady80", "burst", "swap")
	var names []string
	for _, p := range picturesOf(r) {
		names = append(names, p.file)
	}
	require.ElementsMatch(t, []string{"against_p99.png", "against_mean.png", "learning_seed.png", "learning_steady60.png",
		"regret_steady80.png", "tail_steady80.png"}, names)
}

func TestWriteSaysWhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := Write(filepath.Join(file, "x"), comparison.Report{})
	require.ErrorContains(t, err, "report folder "+file)
	require.ErrorContains(t, err, "choose another with --out DIR")
}

// Names that are alike once they are file names keep their own pictures.
func TestPicturesOfNamesAlike(t *testing.T) {
	var r comparison.Report
	for _, name := range []string{"a b", "a_b", "A b", "a_b"} {
		one := compare(t, []string{"p2c"}, "swap")
		one.Comparisons[0].Scenario.Name = name
		r.Comparisons = append(r.Comparisons, one.Comparisons[0])
	}
	seen := map[string]bool{}
	for _, p := range picturesOf(r) {
		require.False(t, seen[strings.ToLower(p.file)], p.file)
		seen[strings.ToLower(p.file)] = true
	}
	require.Subset(t, slices.Collect(maps.Keys(seen)), []string{"tail_a_b.png", "tail_a_b-2.png", "tail_a_b-3.png", "tail_a_b-4.png"})
}

func TestAReportIsNoticed(t *testing.T) {
	dir := t.TempDir()
	require.False(t, Exists(dir))
	_, err := Write(dir, comparison.Report{Seeds: []uint64{1}})
	require.NoError(t, err)
	require.True(t, Exists(dir))
}
