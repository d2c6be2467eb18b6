// Package policytest has policies for the tests of other packages. None of them is meant to route.
package policytest

import (
	"sync"

	"slbtui/routing/policy"
)

// FirstFree picks the first available server and remembers what it was told.
type FirstFree struct {
	Panics   bool       // when picking
	Mu       sync.Mutex // over what follows
	Views    []policy.View
	Tokens   []policy.Token
	Outcomes []policy.Outcome // of Done
}

// Name implements policy.Policy.
func (*FirstFree) Name() string { return "first_free" }

// Pick implements policy.Policy.
func (f *FirstFree) Pick(v policy.View) (int, policy.Token) {
	if f.Panics {
		panic("policy bug")
	}
	f.Mu.Lock()
	defer f.Mu.Unlock()
	v.Servers = append([]policy.ServerView(nil), v.Servers...)
	f.Views = append(f.Views, v)
	for i, s := range v.Servers {
		if s.Available {
			return i, policy.Token{Server: i, At: v.Now, Serial: uint64(len(f.Views))}
		}
	}
	return policy.NoServer, policy.Token{}
}

// Done implements policy.Policy.
func (f *FirstFree) Done(t policy.Token, o policy.Outcome) {
	f.Mu.Lock()
	defer f.Mu.Unlock()
	f.Tokens, f.Outcomes = append(f.Tokens, t), append(f.Outcomes, o)
}
