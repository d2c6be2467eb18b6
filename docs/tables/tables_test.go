package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The numbers that people read are those of the results.
func TestTablesAreTheResults(t *testing.T) {
	root := filepath.Join("..", "..")
	all, err := readResults(filepath.Join(root, results))
	require.NoError(t, err)
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(root, page))
		require.NoError(t, err)
		now, err := all.fill(string(text))
		require.NoError(t, err, page)
		require.Equal(t, now, string(text), "run: go run ./docs/tables")
	}
}

func TestATableIsFilled(t *testing.T) {
	all := resultSet{"busy": {
		"round_robin":        {Policy: "round_robin", Mean: 300, P99: 900, Errors: .02},
		"p2c":                {Policy: "p2c", Mean: 70.04, P99: 170},
		"random":             {Policy: "random", Mean: 60, P99: 160, Errors: .3},
		"q_factored":         {Policy: "q_factored", Mean: 65.26, P99: 180},
		"social_clairvoyant": {Policy: "social_clairvoyant", Mean: 50, P99: 100},
	}}
	page, err := all.fill("# Page\n\n| scenario | round_robin | best classical | q_factored | clairvoyant |\n|---|---:|---:|---:|---:|\n| `busy`: a day | ? | ? | ? | ? |\n\n| other | round_robin |\n|---|---|\n| `busy` | 1 |\n")
	require.NoError(t, err)
	require.Contains(t, page, "| `busy`: a day | 300 / 900 (2 % fail) | p2c 70.0 / **170** | **65.3** / 180 | 50.0 / 100 |")
	require.Contains(t, page, "| `busy` | 1 |", "no table of results")

	_, err = all.fill("| scenario | round_robin |\n|---|---|\n| `idle` | ? |")
	require.ErrorContains(t, err, `line 3: docs/results/simulation.jsonl has no scenario "idle"`)
}
