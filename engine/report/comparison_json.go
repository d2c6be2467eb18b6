package report

import (
	"encoding/json"
	"io"
)

// ComparisonJSON writes the whole result: the layout of the system this one descends from (each
// strategy with its latency_stats, throughput_data, server_distribution, learning_curve), with more
// beside it. A number that is not finite is an error.
func ComparisonJSON(w io.Writer, c Comparison) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(c)
}

// MarshalJSON repeats two numbers of the summary beside it, where older readers look for them.
func (p PolicyResult) MarshalJSON() ([]byte, error) {
	type plain PolicyResult
	return json.Marshal(struct {
		plain
		SuccessRate float64 `json:"success_rate"`
		CV          float64 `json:"coefficient_of_variation"`
	}{plain(p), p.Summary.SuccessRate, p.Summary.CV})
}
