package routing

import (
	"net/http"

	"slbtui/routing/policy"
)

// first picks the server for the first attempt, waiting for a place where limits ask for it.
func (e *exchange) first() (Decision, fault) {
	p, r := e.h.cfg.Pool, e.h.cfg.Router
	var d Decision
	v := verdictFull
	if p.waiters.empty() { // who comes now stands behind those who wait
		d, v = r.pick(nil)
	}
	switch v {
	case verdictPicked:
		return d, fault{}
	case verdictNobody:
		return d, faultNoServer
	}
	longest := p.limits.QueueTimeout
	if total := e.h.cfg.TotalTimeout; total > 0 {
		longest = min(longest, total)
	}
	end := p.waiters.wait(e.r.Context(), p.limits.Queue, longest, func() bool {
		d, v = r.pick(nil)
		return v == verdictPicked
	})
	switch end {
	case waitedLine:
		return d, overload("queue_full", "too many requests are waiting: try again shortly")
	case waitedLong:
		return d, overload("queue_timeout", "no server had room in time: try again shortly")
	case waitedLeft:
		return d, faultClientLeft
	}
	return d, fault{}
}

func overload(reason, text string) fault {
	return fault{reason: reason, text: text, status: http.StatusServiceUnavailable, failure: policy.FailureLocal}
}
