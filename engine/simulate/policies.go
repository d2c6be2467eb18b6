package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"slbtui/routing/policy"
)

// Policies lists the names Run knows: the registry's, then the clairvoyant references.
func Policies() []string {
	var names []string
	for _, spec := range policy.All() {
		names = append(names, spec.Name)
	}
	return append(names, GreedyClairvoyant, SocialClairvoyant)
}

// ClassicalPolicies lists those that do not learn: what a learner must beat.
func ClassicalPolicies() []string {
	var names []string
	for _, spec := range policy.All() {
		if !spec.Learner {
			names = append(names, spec.Name)
		}
	}
	return names
}

// CheckPolicies fails on the first name that is not a policy, and lists what there is.
func CheckPolicies(names []string) error {
	for _, name := range names {
		if known := Policies(); !slices.Contains(known, name) {
			return fmt.Errorf("no policy %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}

func newPolicy(name string, o policy.Options) (policy.Policy, error) {
	if err := CheckPolicies([]string{name}); err != nil {
		return nil, err
	}
	if name == GreedyClairvoyant || name == SocialClairvoyant {
		return &clairvoyant{name: name, social: name == SocialClairvoyant, rng: rand.New(rand.NewPCG(o.Seed, streamPolicies))}, nil
	}
	return policy.New(name, o)
}
