package whatif

import (
	"fmt"

	"slbtui/engine/live"
	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

// maxCopied bounds the cells of a joint table that is copied: it holds up its decisions meanwhile.
// 50,000 take less than a millisecond.
const maxCopied = 50_000

// Builder makes a policy that begins as it should, as simulate.RunPolicy wants it.
type Builder = func(string, policy.Options) (policy.Policy, error)

// Warm makes learners that begin with what the live ones know.
type Warm struct {
	Servers []simulate.Server
	Options policy.Options
	// Learned returns the learner of that name whose knowledge is to be copied, nil when there is none; it may be nil.
	Learned func(name string) policy.Learner
}

// Learner copies the live learner of that name once, and returns how it begins and what makes a copy of the copy: all
// runs begin alike, whatever the live one learns meanwhile. A nil Builder leaves it to virtual time, where policies
// begin empty.
func (w Warm) Learner(name string) (live.WhatIfStart, Builder, error) {
	var known policy.Learner
	if w.Learned != nil {
		known = w.Learned(name)
	}
	if known == nil {
		return live.StartEmpty, nil, nil
	}
	start := live.StartCopied
	if in, ok := known.(policy.Inspectable); ok && in.Stats().States*len(w.Servers) > maxCopied {
		start = live.StartEmpty
	}
	ids := make([]string, len(w.Servers))
	o := w.Options
	o.Servers = nil
	for i, server := range w.Servers {
		ids[i] = server.ID
		o.Servers = append(o.Servers, policy.ServerInfo{ID: server.ID, Weight: server.Weight, Zone: server.Zone})
	}
	kept, err := copyOf(known, o, ids, start)
	if err != nil {
		return start, nil, err
	}
	return start, func(_ string, o policy.Options) (policy.Policy, error) { return copyOf(kept, o, ids, start) }, nil
}

// copyOf is a new learner with the parameters of another, and what that has learned unless it is to
// start empty.
func copyOf(of policy.Learner, o policy.Options, ids []string, start live.WhatIfStart) (policy.Learner, error) {
	p, err := policy.New(of.Name(), o)
	if err != nil {
		return nil, err
	}
	next, ok := p.(policy.Learner)
	if !ok {
		return nil, fmt.Errorf("%s is no learner: there is nothing to copy", of.Name())
	}
	if start == live.StartCopied {
		if err := next.Inherit(of, ids, ids); err != nil {
			return nil, err
		}
	}
	return next, adjust(next, of)
}

// adjust sets the parameters that an operator has changed. The others are left alone: an epsilon
// that is set no longer decays.
func adjust(next, of policy.Learner) error {
	now := of.Params()
	for i, p := range next.Params() {
		if i < len(now) && now[i].Name == p.Name && now[i].Value != p.Value {
			if err := next.SetParam(p.Name, now[i].Value); err != nil {
				return err
			}
		}
	}
	return nil
}
