package proxy

import (
	"net/http"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// First picks the server for the first attempt, waiting for a place where limits ask for it. It fails with a fault
// to answer with.
func (c *Course) First() Fault {
	d, end := c.h.cfg.Router.Wait(c.ctx, c.h.cfg.TotalTimeout)
	switch end {
	case routing.WaitedNobody:
		return faultNoServer
	case routing.WaitedLine:
		return overload("queue_full", "too many requests are waiting: try again shortly")
	case routing.WaitedLong:
		return overload("queue_timeout", "no server had room in time: try again shortly")
	case routing.WaitedLeft:
		return faultClientLeft
	}
	c.h, c.next = c.h.whose(d.Router()), d
	return Fault{}
}

// TryFirst is First where nobody may wait: it tells whether there is a server. If not, First has to be asked.
func (c *Course) TryFirst() bool {
	d, ok := c.h.cfg.Router.Try()
	if ok {
		c.h, c.next = c.h.whose(d.Router()), d
	}
	return ok
}

func overload(reason, text string) Fault {
	return Fault{reason: reason, text: text, status: http.StatusServiceUnavailable, failure: policy.FailureLocal}
}
