package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"

	"slbtui/engine/stats"
)

var small = sample{seconds: 6, rate: 10, runs: 2}

func TestComparisonJSON(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, ComparisonJSON(&b, small.comparison()))
	golden.RequireEqual(t, b.Bytes())
}

func TestComparisonMarkdown(t *testing.T) {
	c := small.comparison()
	c.Notes = []string{"interrupted in repetition 3: what was finished is here"}
	c.Invalid = []string{"the load generator lagged under q_learning"}
	var b bytes.Buffer
	require.NoError(t, ComparisonMarkdown(&b, c))
	golden.RequireEqual(t, b.Bytes())
}

func TestJSONKeepsTheOldLayoutAndComesBack(t *testing.T) {
	c := small.comparison()
	var b bytes.Buffer
	require.NoError(t, ComparisonJSON(&b, c))
	var back Comparison
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	require.Equal(t, c, back)

	var plain struct {
		Strategies  map[string]map[string]json.RawMessage
		Improvement map[string]map[string]json.RawMessage
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &plain))
	for _, policy := range samplePolicies {
		for _, key := range []string{"latency_stats", "throughput_data", "success_rate", "coefficient_of_variation", "server_distribution", "learning_curve"} {
			require.Contains(t, plain.Strategies[policy], key)
		}
	}
	for _, key := range []string{"latency_reduction_percent", "stability_improvement", "throughput_improvement_percent"} {
		require.Contains(t, plain.Improvement["q_factored"], key)
	}
	require.NotContains(t, plain.Improvement, "round_robin")
}

func TestANumberThatIsNotFiniteIsAnError(t *testing.T) {
	c := small.comparison()
	c.RatePerS = math.Inf(1)
	require.Error(t, ComparisonJSON(&bytes.Buffer{}, c))
}

// The same run read three ways: the JSON, the CSV summed up again, and the table for people.
func TestNumbersAgreeAcrossFormats(t *testing.T) {
	s := sample{seconds: 30, rate: 40, runs: 2}
	c := s.comparison()
	var asJSON, asCSV, asText bytes.Buffer
	require.NoError(t, ComparisonJSON(&asJSON, c))
	require.NoError(t, ComparisonMarkdown(&asText, c))
	w, err := NewRequestWriter(&asCSV)
	require.NoError(t, err)
	for _, q := range s.requests() {
		require.NoError(t, w.Write(q))
	}
	require.NoError(t, w.Flush())

	var read Comparison
	require.NoError(t, json.Unmarshal(asJSON.Bytes(), &read))
	again := readCSV(t, &asCSV)
	for _, policy := range samplePolicies {
		told := read.Strategies[policy].Summary
		mine := keep(again, func(q Request) bool { return q.Policy == policy })
		counted := sum(mine, told.ElapsedS)
		require.Equal(t, told.Requests, counted.Requests)
		require.Equal(t, told.Failures, counted.Failures)
		for name, pair := range map[string][2]float64{
			"mean": {told.MeanMS, counted.MeanMS}, "p50": {told.P50MS, counted.P50MS}, "p95": {told.P95MS, counted.P95MS},
			"p99": {told.P99MS, counted.P99MS}, "std": {told.StdMS, counted.StdMS}, "min": {told.MinMS, counted.MinMS},
			"max": {told.MaxMS, counted.MaxMS}, "success": {told.SuccessRate, counted.SuccessRate},
		} {
			require.InEpsilon(t, pair[0], pair[1], 1e-4, "%s of %s", name, policy)
		}
		for id, n := range read.Strategies[policy].ByServer {
			require.Len(t, keep(mine, func(q Request) bool { return q.Server == id }), int(n))
		}
		cold := sum(keep(mine, func(q Request) bool { return q.Part == PartCold }), 1)
		require.Equal(t, read.Strategies[policy].Cold.Requests, cold.Requests)
		require.InEpsilon(t, read.Strategies[policy].Cold.MeanMS, cold.MeanMS, 1e-4)

		row := regexp.MustCompile(`(?m)^\| ` + policy + ` \| (\d+) \| ([\d.]+) .*$`).FindStringSubmatch(asText.String())
		require.NotNil(t, row)
		require.Equal(t, strconv.FormatUint(told.Requests, 10), row[1])
		cells := strings.Split(row[0], " | ")
		for i, v := range map[int]float64{2: told.MeanMS, 3: told.P50MS, 4: told.P95MS, 5: told.P99MS, 6: told.StdMS} {
			shown, err := strconv.ParseFloat(strings.Fields(cells[i])[0], 64)
			require.NoError(t, err)
			require.InDelta(t, v, shown, 0.0501, "column %d of %s", i, policy)
		}
	}
}

func readCSV(t *testing.T, text *bytes.Buffer) []Request {
	t.Helper()
	rows, err := csv.NewReader(text).ReadAll()
	require.NoError(t, err)
	var out []Request
	for _, row := range rows[1:] {
		latency, err := strconv.ParseFloat(row[4], 64)
		require.NoError(t, err)
		out = append(out, Request{
			Policy: row[2], Server: row[3], Latency: time.Duration(math.Round(latency*1000)) * time.Microsecond,
			Success: row[6] == "true", Part: row[8],
		})
	}
	return out
}

func TestImprove(t *testing.T) {
	base, policy := PolicyResult{Policy: "round_robin"}, PolicyResult{Policy: "x"}
	base.Summary.MeanMS, base.Summary.CV, base.Summary.Throughput = 200, 0.5, 10
	policy.Summary.MeanMS, policy.Summary.CV, policy.Summary.Throughput = 150, 0.6, 11
	got := Improve(base, policy)
	require.Equal(t, "round_robin", got.Baseline)
	require.InDelta(t, 25, got.LatencyReductionPercent, 1e-9)
	require.InDelta(t, -20, got.StabilityPercent, 1e-9)
	require.InDelta(t, 10, got.ThroughputIncreasePercent, 1e-9)
	require.Zero(t, got.P99ReductionPercent, "no base, no percentage")
}

func TestVerdict(t *testing.T) {
	for name, test := range map[string]struct {
		difference *PairedDifference
		want       string
	}{
		"none":   {nil, "no interval"},
		"faster": {&PairedDifference{CIMS: stats.Interval{-3, -1}}, "faster"},
		"slower": {&PairedDifference{CIMS: stats.Interval{1, 3}}, "slower"},
		"either": {&PairedDifference{CIMS: stats.Interval{-1, 3}}, "no difference shown"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, verdict(test.difference), test.want)
			require.Equal(t, name == "faster" || name == "slower", test.difference != nil && test.difference.CIMS.ExcludesZero())
		})
	}
}

func TestFillRegret(t *testing.T) {
	at := func(second, mean float64, n uint64) TimelinePoint {
		return TimelinePoint{EndS: second, MeanMS: mean, Requests: n}
	}
	c := Comparison{Policies: []string{"slow", "fast"}, Strategies: map[string]PolicyResult{
		"slow": {Runs: make([]RunResult, 2), Timeline: []TimelinePoint{at(1, 200, 20), at(2, 300, 10), at(3, 50, 10)}},
		"fast": {Runs: make([]RunResult, 2), Timeline: []TimelinePoint{at(1, 100, 20), at(2, 100, 10), at(3, 100, 10)}},
	}}
	for name, mean := range map[string]float64{"slow": 190, "fast": 100} {
		s := c.Strategies[name]
		s.Summary.MeanMS = mean
		c.Strategies[name] = s
	}
	c.FillRegret()
	require.Equal(t, "fast, the lowest mean of those compared", c.RegretReference)
	require.Equal(t, []RegretPoint{{1, 1}, {2, 2}, {3, 1.75}}, c.Strategies["slow"].Regret)
	require.Equal(t, []RegretPoint{{1, 0}, {2, 0}, {3, 0}}, c.Strategies["fast"].Regret)

	c.RegretReference = "the clairvoyant"
	c.FillRegret()
	require.Equal(t, "the clairvoyant", c.RegretReference, "a regret that is known stays")
}

func TestMarkdownKeepsCellsApart(t *testing.T) {
	c := small.comparison()
	c.Policies = []string{"round_robin", "http://proxy/|a\nb"}
	c.Strategies[c.Policies[1]] = PolicyResult{Policy: c.Policies[1]}
	var b bytes.Buffer
	require.NoError(t, ComparisonMarkdown(&b, c))
	require.Contains(t, b.String(), `| http://proxy/\|a b |`)
}
