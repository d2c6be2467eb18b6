package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Baseline is the policy that others are measured against. A run starts with it unless told otherwise, and
// it is what the toggle of the console goes to from a learner.
const Baseline = "round_robin"

// Spec describes a policy that can be asked for by name.
type Spec struct {
	Name      string
	Summary   string   // one line for people
	Source    string   // paper or project, may be empty
	Learner   bool     // its Policy is also a Learner, Inspectable and Persistent
	Dear      bool     // to watch costs it more than 2 us a request: no shadow unless asked for
	LoadBlind bool     // it does not look at the requests in flight
	Params    []string // "name: meaning" lines, may be empty
	New       func(Options) Policy
}

// All returns all policies in a fixed order: who adds one adds a line. The slice is the caller's.
func All() []Spec {
	return []Spec{
		roundRobinSpec,
		weightedRoundRobinSpec,
		randomSpec,
		leastRequestSpec,
		leastRequestSteeredSpec,
		p2cSpec,
		peakEWMASpec,
		peakEWMAFullSpec,
		prequalSpec,
		zoneAwareSpec,
		qLearningSpec,
		expectedSARSASpec,
		doubleQSpec,
		qFactoredSpec,
		qNetworkSpec,
		dqnSpec,
	}
}

// Names lists all policies, in the order of All.
func Names() []string { return names(All()) }

func names(specs []Spec) (names []string) {
	for _, spec := range specs {
		names = append(names, spec.Name)
	}
	return names
}

// LearnerNames lists those that learn, in the order of All.
func LearnerNames() (names []string) {
	for _, spec := range All() {
		if spec.Learner {
			names = append(names, spec.Name)
		}
	}
	return names
}

// CheckLearner fails when name is no learner of the registry, and lists what there is.
func CheckLearner(name string) error { return oneOf("a learner", LearnerNames(), name) }

// oneOf has the wording of the configuration's errors, since names come from there too.
func oneOf(is string, names []string, name string) error {
	if slices.Contains(names, name) {
		return nil
	}
	return fmt.Errorf("%.60q is not %s (%s)", name, is, strings.Join(names, ", "))
}

// New returns a fresh policy of o.Specs. Its error is that of o.Check.
func New(name string, o Options) (Policy, error) {
	specs := o.Specs()
	i := slices.IndexFunc(specs, func(s Spec) bool { return s.Name == name })
	if i < 0 {
		return nil, o.Check(name)
	}
	return specs[i].New(o), nil
}
