package policy_test

import (
	"slbtui/routing/policy"
	"slbtui/routing/policy/score"
)

// Policies that people write themselves keep the contract of all others, as long as what they write can: a
// score that forgets nothing would never try a starved server again.
func init() {
	for _, own := range [][2]string{
		{"score_example", "ewma_ms * (in_flight + 1) + 2000 * failure_rate"},
		{"score_weighted", "in_flight / weight"},
		{"score_peak", "peak_ms * (in_flight + 1) / weight"},
		{"score_response", "max(response_ms, 1) * (1 + in_flight)"},
		{"score_turns", "-since_ms"},
		{"score_odd", "in_flight > 3 ? in_flight ** 1.5 : sqrt(in_flight) + (reachable ? 0 : 1)"},
		{"score_nonsense", "log(-1 - in_flight)"},
	} {
		e, err := score.Compile(own[1])
		if err != nil {
			panic(err)
		}
		spec := e.Spec(own[0])
		spec.LoadBlind = spec.LoadBlind || own[0] == "score_nonsense" // it looks, and sees nothing
		policy.Beside(spec)
	}
}
