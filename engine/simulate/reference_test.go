package simulate

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Means of an independent implementation of the same world (40 seeds, 10 for seed), in ms. Over as
// many seeds the policies without memory agree within 1 %; the test takes few, so it allows 3 %.
func TestMeansAgreeWithTheReference(t *testing.T) {
	for scenario, want := range map[string]map[string]float64{
		"seed":        {"round_robin": 75.0, "least_request": 73.3, "p2c": 74.0},
		"steady60":    {"round_robin": 84.2, "least_request": 71.4, "p2c": 72.7},
		"identical3":  {"round_robin": 78.6, "least_request": 77.9, "p2c": 78.7},
		"heavytail10": {"round_robin": 118, "least_request": 55.8, "p2c": 70.4},
	} {
		sc := lookup(t, scenario)
		for policy, ms := range want {
			seeds := uint64(4)
			if scenario == "heavytail10" && policy == "round_robin" {
				seeds = 10 // its mean is decided by a few great queues
			}
			sum := 0.0
			for seed := range seeds {
				sum += run(t, sc, policy, seed+1).All.MeanMS
			}
			require.InEpsilon(t, ms, sum/float64(seeds), 0.03, "%s in %s", policy, scenario)
		}
	}
}

// Failing fast draws traffic: the reference's error rates.
func TestErrorsAgreeWithTheReference(t *testing.T) {
	for scenario, want := range map[string]map[string]float64{
		"blackhole": {"round_robin": 0.111, "least_request": 0.246, "p2c": 0.199, GreedyClairvoyant: 0, SocialClairvoyant: 0},
		"deadstart": {"round_robin": 0.22, "least_request": 0.49, "p2c": 0.40, GreedyClairvoyant: 0, SocialClairvoyant: 0},
	} {
		sc := lookup(t, scenario)
		for policy, rate := range want {
			sum := 0.0
			for seed := range uint64(4) {
				sum += run(t, sc, policy, seed+1).All.ErrorRate / 4
			}
			require.InDelta(t, rate, sum, 0.01, "%s in %s", policy, scenario)
		}
	}
}
