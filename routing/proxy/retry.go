package proxy

import (
	"math/rand/v2"
	"net/http"
	"time"

	"slbtui/routing/policy"
)

// idempotent tells whether a request may be done twice: RFC 9110, section 9.2.2. A switch of
// protocols begins a conversation, which is no such thing.
func idempotent(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodTrace:
		return len(r.Header["Upgrade"]) == 0
	}
	return false
}

// repeatable tells whether the request may be done twice, and its body is one that is sent again.
func (e *exchange) repeatable() bool {
	return idempotent(e.r) && len(e.kept) <= e.h.cfg.Retry.MaxBody
}

// mayRepeat tells whether the request could be sent again after f, as far as safety goes.
func (e *exchange) mayRepeat(f fault) bool {
	on := e.h.retryOn
	switch {
	case f.cancelled || !e.body.untouched() || e.hinted:
		return false
	case f.unsent:
		return on.Connect
	case f.failure == policy.FailureTimeout:
		return on.Timeout && e.repeatable()
	case f.failure == policy.FailureRemote:
		return on.Reset && e.repeatable()
	}
	return false
}

// mayReplace tells whether a response is one that another server's may replace.
func (e *exchange) mayReplace(res *http.Response) bool {
	if !e.h.retryOn.Status || !e.repeatable() || !e.body.untouched() || e.hinted {
		return false
	}
	switch res.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// another picks the server for the next attempt, never one that was tried. It tells whether there
// is one, and whether attempts, time and budget allow it. The budget is charged before the
// back-off, so that retries which wait are part of the storm that it prevents.
func (e *exchange) another() bool {
	if !e.allowed() {
		return false
	}
	cfg := &e.h.cfg.Retry
	if e.Attempts > 1 && cfg.Backoff > 0 {
		if !e.pause(cfg.Backoff << min(e.Attempts-2, 10)) {
			return false
		}
	}
	e.tried = append(e.tried, e.Server)
	next, ok := e.h.cfg.Router.Pick(e.tried...)
	e.next = next
	return ok
}

// anew tells whether the request may go to the same server again, over a new connection, because the kept
// one that it went over was dead. The server may have seen it, so that is one more attempt, of a request
// that may be done twice (or begins a conversation, which has not begun); but no sign against the server, nor one of the failures of retry.on.
func (e *exchange) anew() bool {
	if !idempotent(e.r) && e.r.Method != http.MethodGet || !e.body.untouched() || !e.allowed() {
		return false
	}
	e.Attempts++
	e.Retries.because(RetryStale)
	return true
}

// allowed tells whether number, time and budget allow one more attempt, and charges the budget.
func (e *exchange) allowed() bool {
	return e.Attempts < e.h.cfg.Retry.MaxAttempts && !e.outOfTime() && e.h.budget.spend(e.h.cfg.Pool.Now())
}

// pause waits for about d, with a jitter of half of it, and tells whether the client still does.
func (e *exchange) pause(d time.Duration) bool {
	timer := time.NewTimer(d/2 + rand.N(d/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-e.r.Context().Done():
		return false
	}
}

func (e *exchange) outOfTime() bool {
	total := e.h.cfg.TotalTimeout
	return total > 0 && e.elapsed() >= total
}
