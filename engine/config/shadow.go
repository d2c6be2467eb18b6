package config

import (
	"slices"
	"strings"

	"slbtui/routing/policy"
)

// ShadowedServers is up to how many servers the learners that are not dear watch by themselves: beyond, the
// joint tables have more states than are ever met twice, and cost what they cost all the same.
const ShadowedServers = 12

// The words of load_balancer.shadow beside the learners' names.
const (
	shadowAuto = "auto"
	shadowAll  = "all"
	shadowNone = "none"
)

// Run is the kind of a run.
type Run int

// The kinds of runs.
const (
	Shown   Run = iota // with servers and a load of its own, and mostly a screen
	Serving            // of traffic from elsewhere
)

// Shadows names the learners that learn while another policy routes. By itself a run that only serves has
// one, the learner that one would switch to: each costs time on every request and memory for its
// table. One with a screen, where learning is what is looked at, has all but the dear ones, unless its servers
// come and go: a joint table starts anew with each of them.
func (c Config) Shadows(in Run) []string {
	switch list := c.LoadBalancer.Shadow; {
	case list == shadowNone:
		return nil
	case list == shadowAll:
		return policy.LearnerNames()
	case list == shadowAuto && in == Shown && !c.Discovery.On() && len(c.Servers) <= ShadowedServers:
		return cheap()
	case list == shadowAuto:
		return []string{"q_factored"}
	default:
		return shadowList(list)
	}
}

// cheap are the learners that cost little to have watch.
func cheap() (names []string) {
	for _, spec := range policy.All() {
		if spec.Learner && !spec.Dear {
			names = append(names, spec.Name)
		}
	}
	return names
}

func shadowList(list string) []string {
	names := strings.Split(list, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

func isShadow(list string) bool {
	if list == shadowAuto || list == shadowAll || list == shadowNone {
		return true
	}
	return !slices.ContainsFunc(shadowList(list), func(name string) bool { return policy.CheckLearner(name) != nil })
}
