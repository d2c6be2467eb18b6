package lookback

import (
	"cmp"
	"net/http"
	"slices"
	"sync"
	"time"

	"slbtui/engine/fit"
	"slbtui/routing/policy"
	"slbtui/routing/proxy"
)

// Kept is how many requests are remembered, the latest.
const Kept = 20_000

// Ring remembers what became of the latest requests. It is safe for concurrent use.
type Ring struct {
	mu     sync.Mutex
	kept   []seen // a ring once it is full
	oldest int
}

// seen is what of a request is remembered.
type seen struct {
	picked         time.Duration // when its server was chosen, since 1970
	took           time.Duration // by the server: without what was waited for the client
	server, policy string
	outcome        fit.Outcome
}

// NewRing makes an empty one. Its memory grows with the requests, to about 1.3 MB.
func NewRing() *Ring { return &Ring{} }

// Observe remembers a request, unless what became of it says nothing of a server: of its last attempt.
func (r *Ring) Observe(x *proxy.Exchange) {
	o := &x.Outcome
	if x.Attempts == 0 || o.Failure == policy.FailureLocal || o.Early || x.Status == http.StatusSwitchingProtocols {
		return
	}
	s := seen{
		picked: time.Duration(x.Start.UnixNano()) + x.Picked, took: o.Latency,
		server: x.ServerID, policy: x.Policy, outcome: outcomeOf(o),
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) < Kept {
		r.kept = append(r.kept, s)
		return
	}
	r.kept[r.oldest] = s
	r.oldest = (r.oldest + 1) % Kept
}

func outcomeOf(o *policy.Outcome) fit.Outcome {
	switch {
	case o.Cancelled || o.Failure == policy.FailureTimeout:
		return fit.TimedOut
	case o.Failed(), o.Status == http.StatusTooManyRequests: // nobody served that
		return fit.Failed
	}
	return fit.OK
}

// Log is what the latest requests of these servers were, at most so many, of the last stretch that long before until,
// and who routed them, in turn. What began before until should have ended: of the requests under way the ring knows
// nothing, and those are the slow ones.
func (r *Ring) Log(servers []string, most int, length time.Duration, until time.Time) (l *fit.Log, routed []string) {
	r.mu.Lock()
	kept := slices.Clone(r.kept)
	r.mu.Unlock()
	slices.SortStableFunc(kept, func(a, b seen) int { return cmp.Compare(a.picked, b.picked) })
	end := time.Duration(until.UnixNano())
	n, _ := slices.BinarySearchFunc(kept, end, func(s seen, end time.Duration) int { return cmp.Compare(s.picked, end) })
	kept = kept[max(0, n-most):n]
	index := make(map[string]int32, len(servers))
	for i, id := range servers {
		index[id] = int32(i)
	}
	l = &fit.Log{Format: "this run", Resolution: time.Microsecond, Servers: servers, Whole: true}
	for i := range kept {
		s := &kept[i]
		server, known := index[s.server]
		if !known || s.picked < end-length {
			continue
		}
		if len(routed) == 0 || routed[len(routed)-1] != s.policy {
			routed = append(routed, s.policy)
		}
		l.Requests = append(l.Requests, fit.Request{
			Start: s.picked, End: s.picked + s.took, Server: server, Others: fit.Unknown, Outcome: s.outcome,
		})
	}
	if len(routed) == 1 {
		l.Policy = routed[0]
	}
	return l, routed
}
