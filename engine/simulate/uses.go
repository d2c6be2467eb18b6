package simulate

import "slices"

// Key is a key of a scenario that not everybody who plays one can play.
type Key string

// The keys that Uses knows.
const (
	KeyBalancers     Key = "balancers"
	KeyShareEvery    Key = "share_every"
	KeyHealthAge     Key = "health_age"
	KeyHerd          Key = "herd"
	KeyClasses       Key = "classes"
	KeyClientTimeout Key = "client_timeout"
	KeyPareto        Key = "pareto"
	KeyDiscipline    Key = "discipline"
	KeyLimit         Key = "limit"
	KeyOut           Key = "out"
)

// Uses lists those of the keys above that make a difference in the scenario, in their order.
func (s Scenario) Uses() []Key {
	server := func(has func(Server) bool) bool { return slices.ContainsFunc(s.Servers, has) }
	var used []Key
	for _, k := range []struct {
		key Key
		is  bool
	}{
		{KeyBalancers, s.Balancers > 1},
		{KeyShareEvery, s.ShareEvery > 0},
		{KeyHealthAge, s.HealthAge > 0},
		{KeyHerd, s.Herd > 0},
		{KeyClasses, len(s.Classes) > 0},
		{KeyClientTimeout, s.ClientTimeout > 0},
		{KeyPareto, server(func(v Server) bool { return v.Pareto > 0 })},
		{KeyDiscipline, server(func(v Server) bool { return v.Discipline != Slots })},
		{KeyLimit, server(func(v Server) bool { return v.Limit > 0 })},
		{KeyOut, slices.ContainsFunc(s.Faults, func(f Fault) bool { return f.Out })},
	} {
		if k.is {
			used = append(used, k.key)
		}
	}
	return used
}
