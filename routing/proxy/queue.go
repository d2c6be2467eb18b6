package proxy

import (
	"net/http"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// first picks the server for the first attempt, waiting for a place where limits ask for it.
func (e *exchange) first() (routing.Decision, fault) {
	d, end := e.h.cfg.Router.Wait(e.r.Context(), e.h.cfg.TotalTimeout)
	switch end {
	case routing.WaitedNobody:
		return d, faultNoServer
	case routing.WaitedLine:
		return d, overload("queue_full", "too many requests are waiting: try again shortly")
	case routing.WaitedLong:
		return d, overload("queue_timeout", "no server had room in time: try again shortly")
	case routing.WaitedLeft:
		return d, faultClientLeft
	}
	e.h = e.h.whose(d.Router())
	return d, fault{}
}

func overload(reason, text string) fault {
	return fault{reason: reason, text: text, status: http.StatusServiceUnavailable, failure: policy.FailureLocal}
}
