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

	Factor   float64       // of its class, on the service time; 0 is 1
	Hold     time.Duration // how long its answer streams on after its beginning
	Whole    bool          // see Class.Whole
	Balancer int           // which one it goes to, from 0
}

func (r Request) request() request {
	return request{
		due: r.Due, size: r.Size, luck: r.Luck, balancer: r.Balancer,
		factor: factor(r.Factor), hold: r.Hold, whole: r.Whole,
	}
}

func (r request) given() Request {
	g := Request{Due: r.due, Size: r.size, Luck: r.luck, Hold: r.hold, Whole: r.whole, Balancer: r.balancer}
	if r.factor != 1 {
		g.Factor = r.factor
	}
	return g
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
		requests = append(requests, t.next().given())
	}
	return requests, nil
}

// RunTrace is Run with the requests given, in the order they are due, instead of drawn; those due
// at or after the scenario's duration are left out. The seed is the policy's. Classes, herd and
// arrivals of the scenario are not used: the trace says which balancer a request goes to, and its class.
func RunTrace(sc Scenario, policy string, opts policy.Options, trace []Request, seed uint64) (Result, error) {
	return RunTracePolicy(sc, policy, trace, seed, opts, newPolicy)
}

// RunTracePolicy is RunTrace with a policy that build makes, as RunPolicy is Run.
func RunTracePolicy(sc Scenario, name string, trace []Request, seed uint64, opts policy.Options, build func(string, policy.Options) (policy.Policy, error)) (Result, error) {
	if err := sc.Validate(); err != nil {
		return Result{}, fmt.Errorf("scenario %s: %w", sc.Name, err)
	}
	for i, r := range trace {
		if r.Balancer < 0 || r.Balancer >= max(1, sc.Balancers) {
			return Result{}, fmt.Errorf("scenario %s: request %d goes to balancer %d, and there are %d, from 0 on", sc.Name, i+1, r.Balancer, max(1, sc.Balancers))
		}
	}
	w, err := prepare(&sc, name, seed, opts, build)
	if err != nil {
		return Result{}, err
	}
	w.trace.give(trace)
	return w.result(name, seed), nil
}

// give makes t deal these requests instead of drawing its own.
func (t *trace) give(requests []Request) {
	t.given = requests
	if t.given == nil {
		t.given = []Request{}
	}
	t.peek()
}
