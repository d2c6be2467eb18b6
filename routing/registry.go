package routing

import (
	"fmt"
	"strings"
)

// Spec describes a policy that can be asked for by name.
type Spec struct {
	Name      string
	Summary   string   // one line for people
	Source    string   // paper or project
	Learner   bool     // its Policy is also a Learner, Inspectable and Persistent
	LoadBlind bool     // it does not look at the requests in flight
	Params    []string // "name: meaning" lines, may be empty
	New       func(Options) Policy
}

// Registry returns all policies in a fixed order. The slice is the caller's.
func Registry() []Spec {
	return []Spec{
		{
			Name:      "round_robin",
			Summary:   "each server in turn",
			Source:    "Nagle 1987",
			LoadBlind: true,
			New:       newRoundRobin,
		},
		{
			Name:    "least_request",
			Summary: "the server with the fewest requests in flight, ties at random",
			Source:  "HAProxy leastconn, nginx least_conn",
			New:     newLeastRequest,
		},
		{
			Name:    "q_learning",
			Summary: "classic Q-learning: one table row per combination of the servers' load levels",
			Source:  "Watkins 1989",
			Learner: true,
			Params: []string{
				"epsilon: share of the requests that go to a random server",
				"alpha: learning rate",
				"gamma: discount factor",
			},
			New: newQLearning,
		},
	}
}

// NewPolicy returns a fresh policy of the registry. An unknown name is an error that lists what there is.
func NewPolicy(name string, o Options) (Policy, error) {
	var names []string
	for _, spec := range Registry() {
		if spec.Name == name {
			return spec.New(o), nil
		}
		names = append(names, spec.Name)
	}
	return nil, fmt.Errorf("no policy %q; there are %s", name, strings.Join(names, ", "))
}
