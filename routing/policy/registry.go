package policy

import (
	"fmt"
	"strings"
)

// Spec describes a policy that can be asked for by name.
type Spec struct {
	Name      string
	Summary   string   // one line for people
	Source    string   // paper or project, may be empty
	Learner   bool     // its Policy is also a Learner, Inspectable and Persistent
	LoadBlind bool     // it does not look at the requests in flight
	Params    []string // "name: meaning" lines, may be empty
	New       func(Options) Policy
}

// All returns all policies in a fixed order. The slice is the caller's.
func All() []Spec {
	return []Spec{
		{
			Name:      "round_robin",
			Summary:   "each server in turn",
			Source:    "Nagle, RFC 970",
			LoadBlind: true,
			New:       newRoundRobin,
		},
		{
			Name:      "weighted_round_robin",
			Summary:   "each server in turn, by the share of its weight",
			Source:    "nginx smooth weighted round robin",
			LoadBlind: true,
			New:       newWeightedRoundRobin,
		},
		{
			Name:      "random",
			Summary:   "any server",
			LoadBlind: true,
			New:       newRandom,
		},
		{
			Name:    "least_request",
			Summary: "the server with the fewest requests in flight, ties at random",
			Source:  "HAProxy leastconn, nginx least_conn",
			New:     newLeastRequest,
		},
		{
			Name:    "p2c",
			Summary: "the less busy of two random servers",
			Source:  "Mitzenmacher 1996",
			New:     newP2C,
		},
		{
			Name:    "peak_ewma",
			Summary: "the lower recent peak latency x (in flight + 1) of two random servers",
			Source:  "Finagle, linkerd",
			New:     newPeakEWMA,
		},
		{
			Name:    "peak_ewma_full",
			Summary: "the lowest recent peak latency x (in flight + 1) of all servers",
			Source:  "Finagle, linkerd; full scan",
			New:     newPeakEWMAFull,
		},
		{
			Name:    "prequal",
			Summary: "the lowest latency among servers not hot, else the fewest requests in flight",
			Source:  "Wydrowski et al., NSDI 2024",
			New:     newPrequal,
		},
		{
			Name:    "q_learning",
			Summary: "classic Q-learning: one table row per combination of the servers' load levels",
			Source:  "Watkins 1989",
			Learner: true,
			Params:  jointParams(),
			New:     newQLearning,
		},
		{
			Name:    "expected_sarsa",
			Summary: "the table of q_learning, a state valued by what the learner itself will do there, exploring included",
			Source:  "van Seijen, van Hasselt, Whiteson and Wiering 2009",
			Learner: true,
			Params:  jointParams(),
			New:     newExpectedSARSA,
		},
		{
			Name:    "double_q",
			Summary: "the table of q_learning twice, each valuing the other's choice, so that noise isn't taken for value",
			Source:  "van Hasselt, NIPS 2010",
			Learner: true,
			Params:  jointParams(),
			New:     newDoubleQ,
		},
		{
			Name:    "q_factored",
			Summary: "for real use: a row per in-flight level, a column per server; counts the delay to others too",
			Source:  "docs of qlearn/factored",
			Learner: true,
			Params: []string{
				"epsilon: share of the requests that go to a random server",
				"alpha: minimal learning rate",
				"gamma: weight of the delay imposed on the requests already there, 0 selfish, 1 social",
			},
			New: func(o Options) Policy { return NewQFactored(o) },
		},
	}
}

// jointParams are those of every learner of the joint table; all are configured by q_learning's block.
func jointParams() []string {
	return []string{
		"epsilon: share of the requests that go to a random server",
		"alpha: learning rate",
		"gamma: discount factor",
	}
}

// New returns a fresh policy of the registry. An unknown name is an error that lists what there is.
func New(name string, o Options) (Policy, error) {
	var names []string
	for _, spec := range All() {
		if spec.Name == name {
			return spec.New(o), nil
		}
		names = append(names, spec.Name)
	}
	return nil, fmt.Errorf("no policy %q; there are %s", name, strings.Join(names, ", "))
}
