package proxy

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/transport"
)

// twiceOf tells whether a request may be done twice. A switch of protocols begins a conversation, which is no
// such thing, but may be begun anew while it has not.
func twiceOf(r *http.Request) Twice {
	t := TwiceOf(r.Method)
	if t == TwiceAlways && len(r.Header["Upgrade"]) > 0 {
		t = TwiceNever
		if r.Method == http.MethodGet {
			t = TwiceStale
		}
	}
	return t
}

// TwiceOf tells it of a method.
func TwiceOf(method string) Twice {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodTrace:
		return TwiceAlways
	}
	return TwiceNever
}

// repeatable tells whether the request may be done twice, and its body is one that is sent again.
func (c *Course) repeatable() bool { return c.twice == TwiceAlways && c.size <= c.h.cfg.Retry.MaxBody }

// Fail ends an attempt with an error. It returns the fault to answer with, and whether there is to be another
// attempt instead, at the server that Next goes to. cause is that of the attempt's time, if err is its end.
func (c *Course) Fail(err, cause error) (f Fault, again bool) {
	f = c.failed(err, lateBy(err, cause), nil)
	return f, c.repeats(f)
}

// repeats tells whether there is to be another attempt after f.
func (c *Course) repeats(f Fault) bool {
	if !c.mayRepeat(f) || !c.another() {
		return false
	}
	c.Retries.because(retryReason(f))
	return true
}

func (c *Course) failed(err, cause error, body *requestBody) Fault {
	f := classify(c.ctx, cause, body, err)
	if f.reason == reasonShortage {
		c.h.cfg.Pool.Lacks(routing.Shortage(err))
	}
	c.Done(policy.Outcome{Failure: f.failure, Cancelled: f.cancelled})
	return f
}

// mayRepeat tells whether a request that can be sent again may be, after f, as far as safety goes.
func (c *Course) mayRepeat(f Fault) bool {
	on := c.h.retryOn
	switch {
	case f.cancelled:
		return false
	case f.unsent:
		return on.Connect
	case f.failure == policy.FailureTimeout:
		return on.Timeout && c.repeatable()
	case f.failure == policy.FailureRemote:
		return on.Reset && c.repeatable()
	}
	return false
}

// Replaced tells whether another server's response is to replace one of this status, of which the client has got
// nothing; then it ends the attempt.
func (c *Course) Replaced(status int) bool {
	if !c.h.retryOn.Status || !c.repeatable() {
		return false
	}
	switch status {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if c.another() {
			c.Retries.because(RetryStatus)
			c.Done(policy.Outcome{Status: status})
			return true
		}
	}
	return false
}

// another picks the server for the next attempt, never one that was tried. It tells whether there
// is one, and whether attempts, time and budget allow it. The budget is charged before the
// back-off, so that retries which wait are part of the storm that it prevents.
func (c *Course) another() bool {
	if !c.allowed() {
		return false
	}
	cfg := &c.h.cfg.Retry
	if c.Attempts > 1 && cfg.Backoff > 0 {
		if !c.pause(cfg.Backoff << min(c.Attempts-2, 10)) {
			return false
		}
	}
	c.tried = append(c.tried, c.Server)
	next, ok := c.h.cfg.Router.Pick(c.tried...)
	c.next = next
	return ok
}

// Anew tells whether the request may go to the same server again, over a new connection, because the kept
// one that it went over was dead. The server may have seen it, so that is one more attempt, of a request
// that may be done twice (or begins a conversation, which has not begun); but no sign against the server, nor one of the failures of retry.on.
func (c *Course) Anew() bool {
	if c.twice == TwiceNever || !c.allowed() {
		return false
	}
	c.Attempts++
	c.Retries.because(RetryStale)
	return true
}

// allowed tells whether number, time and budget allow one more attempt, and charges the budget.
func (c *Course) allowed() bool {
	return c.Attempts < c.h.cfg.Retry.MaxAttempts && !c.outOfTime() && c.h.budget.spend(c.h.cfg.Pool.Now())
}

// pause waits for about d, with a jitter of half of it, and tells whether the client still does.
func (c *Course) pause(d time.Duration) bool {
	timer := time.NewTimer(d/2 + rand.N(d/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.ctx.Done():
		return false
	}
}

func (c *Course) outOfTime() bool {
	total := c.h.cfg.TotalTimeout
	return total > 0 && c.elapsed() >= total
}

// isDial tells of an error from before there was a connection, be it a timeout.
func isDial(err error) bool {
	var dial *transport.DialError
	return errors.As(err, &dial)
}
