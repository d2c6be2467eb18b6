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
		p2cSpec,
		peakEWMASpec,
		peakEWMAFullSpec,
		prequalSpec,
		qLearningSpec,
		expectedSARSASpec,
		doubleQSpec,
		qFactoredSpec,
	}
}

// Names lists all policies, in the order of All.
func Names() (names []string) {
	for _, spec := range All() {
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

// Check fails when name is no policy of the registry and none of more, and lists what there is.
func Check(name string, more ...string) error {
	return oneOf("a policy", append(Names(), more...), name)
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

// Lookup returns the Spec of that name. Its error is that of Check.
func Lookup(name string) (Spec, error) {
	all := All()
	i := slices.IndexFunc(all, func(s Spec) bool { return s.Name == name })
	if i < 0 {
		return Spec{}, Check(name)
	}
	return all[i], nil
}

// New returns a fresh policy of the registry. Its error is that of Check.
func New(name string, o Options) (Policy, error) {
	spec, err := Lookup(name)
	if err != nil {
		return nil, err
	}
	return spec.New(o), nil
}
