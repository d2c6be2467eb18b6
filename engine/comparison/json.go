package comparison

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"slbtui/engine/stats"
)

// jsonStats is a Summary on the outside. Everything is a mean over the seeds of a run's number.
type jsonStats struct {
	Requests  int                `json:"requests"`
	MeanMS    float64            `json:"mean_ms"`
	P50MS     float64            `json:"p50_ms"`
	P95MS     float64            `json:"p95_ms"`
	P99MS     float64            `json:"p99_ms"`
	P999MS    float64            `json:"p999_ms"`
	CV        float64            `json:"cv"`
	ErrorRate float64            `json:"error_rate"`
	Share     map[string]float64 `json:"share"`
	MeanCI    stats.Interval     `json:"mean_ci_ms"` // null with one seed, which says nothing about the spread over seeds
	P99CI     stats.Interval     `json:"p99_ci_ms"`
}

type jsonRow struct {
	Scenario string `json:"scenario"`
	Policy   string `json:"policy"`
	Seeds    int    `json:"seeds"`
	jsonStats
	Warm jsonStats `json:"warm"`
}

// WriteJSON writes one object a line for each scenario and policy. The flat fields are over the
// whole run, those under "warm" without its cold part; each is the mean over the seeds of a run's
// number, requests too, with 95 % bootstrap intervals over the seeds.
func WriteJSON(w io.Writer, r Report) error {
	out := json.NewEncoder(w)
	for i := range r.Comparisons {
		c := &r.Comparisons[i]
		ids := c.Scenario.ServerIDs()
		for j := range c.Rows {
			row := &c.Rows[j]
			line := jsonRow{row.Scenario, row.Policy, row.Seeds, toJSON(&row.All, row.Seeds, ids), toJSON(&row.Warm, row.Seeds, ids)}
			if err := out.Encode(line); err != nil {
				return fmt.Errorf("write %s of %s as JSON: %w", row.Policy, row.Scenario, err)
			}
		}
	}
	return nil
}

func toJSON(s *Summary, seeds int, ids []string) jsonStats {
	share := make(map[string]float64, len(ids))
	for i, id := range ids {
		share[id] = s.Share[i]
	}
	j := jsonStats{
		Requests: int(math.Round(s.Requests)), MeanMS: s.MeanMS, P50MS: s.P50MS, P95MS: s.P95MS, P99MS: s.P99MS,
		P999MS: s.P999MS, CV: s.CV, ErrorRate: s.ErrorRate, Share: share,
	}
	if seeds > 1 {
		j.MeanCI, j.P99CI = s.MeanCI, s.P99CI
	}
	return j
}
