package simulate

import (
	"fmt"
	"time"

	"slbtui/routing/policy"
)

// Request is one request of a trace: what belongs to it whatever becomes of it.
type Request struct {
	Due  time.Duration
	Size float64 // standard normal; the service time is base·exp(sigma·size - sigma²/2)
	Luck float64 // 0 to below 1; below a server's error rate the request fails there
}

// Trace returns the requests that Run sends for a scenario and seed, so that they can be sent over
// real sockets, or kept.
func Trace(sc Scenario, seed uint64) ([]Request, error) {
	if err := sc.Validate(); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	t, err := newTrace(&sc, seed)
	if err != nil {
		return nil, err
	}
	requests := make([]Request, 0, int(sc.MeanRate()*sc.Duration.Seconds()*1.1))
	for t.due < forever {
		r := t.next()
		requests = append(requests, Request{Due: r.due, Size: r.size, Luck: r.luck})
	}
	return requests, nil
}

// RunTrace is Run with the requests given, in the order they are due, instead of drawn; those due
// at or after the scenario's duration are left out. The seed is the policy's. A scenario has one
// balancer here, since a trace does not say which one a request goes to.
func RunTrace(sc Scenario, policy string, opts policy.Options, trace []Request, seed uint64) (Result, error) {
	if err := sc.Validate(); err != nil {
		return Result{}, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	if sc.Balancers > 1 {
		return Result{}, fmt.Errorf("scenario %s: a given trace has one balancer, not %d", sc.Name, sc.Balancers)
	}
	w, err := prepare(&sc, policy, seed, opts, newPolicy)
	if err != nil {
		return Result{}, err
	}
	w.trace.give(trace)
	return w.result(policy, seed), nil
}

// give makes t deal these requests instead of drawing its own.
func (t *trace) give(requests []Request) {
	t.given = requests
	if t.given == nil {
		t.given = []Request{}
	}
	t.peek()
}
