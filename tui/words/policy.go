package words

import (
	"slices"

	"slbtui/engine/live"
)

// Mode names who routes, as people say it: RR, RL with the learner, or the policy's name.
func Mode(s *live.Snapshot) string {
	switch info := policyInfo(s, s.Policy); {
	case s.Policy == live.Baseline:
		return "RR"
	case info.Learner:
		return "RL " + s.Policy
	case s.Policy == "":
		return string(s.State)
	}
	return s.Policy
}

// policyInfo finds a policy of the registry; the zero value when there is none of that name.
func policyInfo(s *live.Snapshot, name string) live.PolicyInfo {
	i := slices.IndexFunc(s.Policies, func(p live.PolicyInfo) bool { return p.Name == name })
	if i < 0 {
		return live.PolicyInfo{}
	}
	return s.Policies[i]
}
