package simulate

import (
	"math/rand/v2"
	"slices"

	"slbtui/routing/policy"
)

// references know the truth, which no registry has.
var references = []string{GreedyClairvoyant, SocialClairvoyant}

// Policies lists the names Run knows with opts: the registry's, their own, then the clairvoyant references.
func Policies(opts policy.Options) (names []string) {
	for _, spec := range opts.Specs() {
		names = append(names, spec.Name)
	}
	return append(names, references...)
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

// CheckPolicies fails on the first name that is not a policy with opts, and lists what there is.
func CheckPolicies(names []string, opts policy.Options) error {
	for _, name := range names {
		if err := opts.Check(name, references...); err != nil {
			return err
		}
	}
	return nil
}

func newPolicy(name string, o policy.Options) (policy.Policy, error) {
	if slices.Contains(references, name) {
		return &clairvoyant{name: name, social: name == SocialClairvoyant, rng: rand.New(rand.NewPCG(o.Seed, streamPolicies))}, nil
	}
	if err := o.Check(name, references...); err != nil {
		return nil, err
	}
	return policy.New(name, o)
}
