package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"

	"slbtui/routing/policy"
)

// A result is a policy's numbers in one scenario: means over the seeds, latencies in ms.
type result struct {
	Scenario, Policy string
	Mean             float64 `json:"mean_ms"`
	P99              float64 `json:"p99_ms"`
	Errors           float64 `json:"error_rate"`
}

// By scenario, then by policy.
type resultSet map[string]map[string]result

func readResults(path string) (resultSet, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	all := resultSet{}
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		var r result
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, n, err)
		}
		if all[r.Scenario] == nil {
			all[r.Scenario] = map[string]result{}
		}
		all[r.Scenario][r.Policy] = r
	}
	return all, lines.Err()
}

// Half a per cent of failures: above it a latency is that of those who were lucky.
const failing = 0.005

// bestClassical is the policy that learns nothing with the lowest mean, among those that fail at most half a point more
// than the best of them.
func bestClassical(of map[string]result) result {
	var all []result
	least := math.Inf(1)
	for _, spec := range policy.All() {
		if r, ok := of[spec.Name]; ok && !spec.Learner {
			all = append(all, r)
			least = min(least, r.Errors)
		}
	}
	all = slices.DeleteFunc(all, func(r result) bool { return r.Errors > least+failing })
	return slices.MinFunc(all, func(a, b result) int { return cmp.Compare(a.Mean, b.Mean) })
}
