package policytest

import (
	"sync/atomic"

	"slbtui/routing/policy"
)

// Turns is as cheap as a policy can be.
type Turns struct{ next atomic.Uint64 }

// Name implements policy.Policy.
func (*Turns) Name() string { return "turns" }

// Pick implements policy.Policy.
func (p *Turns) Pick(v policy.View) (int, policy.Token) {
	for range v.Servers {
		if i := int(p.next.Add(1) % uint64(len(v.Servers))); v.Servers[i].Available {
			return i, policy.Token{Server: i}
		}
	}
	return policy.NoServer, policy.Token{}
}

// Done implements policy.Policy.
func (*Turns) Done(policy.Token, policy.Outcome) {}
