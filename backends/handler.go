package backends

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	maxBody   = 8 << 20 // bytes of a request
	bodyTime  = 30 * time.Second
	maxQueue  = 10_000 // requests beyond the worker slots, whether queued, delayed or stalled
	errorTime = time.Millisecond
)

// ServeHTTP answers /health at once, and everything else after service.
func (l *life) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l.faults.now.Load().Crash { // dead from the call of SetFault on, not from when Serve gets to it
		panic(http.ErrAbortHandler)
	}
	if r.URL.Path == "/health" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		l.bodies.writeHealth(w, l.Status(), time.Now())
		return
	}

	start := time.Now()
	active := l.active.Add(1)
	defer l.active.Add(-1)
	status := http.StatusServiceUnavailable
	d, err := readDraw(r.Header)
	switch {
	case err != nil:
		status = http.StatusBadRequest
	case active <= int64(l.cfg.Workers+maxQueue):
		status = l.process(w, r, d)
	}

	if status == 0 { // cut off, or nobody there to answer
		if l.ctx.Err() != nil {
			l.failed.Add(1)
		}
		panic(http.ErrAbortHandler)
	}
	now := time.Now()
	ms := now.Sub(start).Seconds() * 1000
	switch {
	case status == http.StatusOK:
		l.served.Add(1)
		l.recent.add(now, ms)
	case status >= 500:
		l.failed.Add(1)
	}
	if status == http.StatusOK && d.hold > 0 {
		l.stream(w, r, d)
		return
	}
	l.bodies.write(w, status, ms, now)
}

// process does what a request asks for and returns the status to answer, or 0 for no answer.
func (l *life) process(w http.ResponseWriter, r *http.Request, d draw) int {
	ctx := r.Context()
	status := readBody(w, r)
	switch {
	case status != http.StatusOK:
		return status
	case !l.limit.take(time.Now()):
		status = l.cfg.LimitStatus
		if !l.timers.sleep(l.ctx, errorTime) {
			return 0
		}
	case l.service.fails(l.faults.now.Load().ErrorRate, d.luck):
		status = http.StatusInternalServerError
		if !l.timers.sleep(l.ctx, errorTime) {
			return 0
		}
	case !l.work(ctx, d):
		return 0
	}
	if !l.timers.sleep(ctx, l.faults.now.Load().Delay) || !l.awaitWorkers(ctx) {
		return 0
	}
	return status
}

// work serves a request for its service time, in a slot or among the others. It returns false if the request ended before that.
func (l *life) work(ctx context.Context, d draw) bool {
	if l.cfg.Sharing {
		return l.cores.serve(l.ctx, l.service.draw(l.faults.now.Load().Slow, d.size, d.factor))
	}
	if l.slots.acquire(ctx) != nil {
		return false
	}
	defer l.slots.release()
	return l.awaitWorkers(ctx) && l.timers.sleep(l.ctx, l.service.draw(l.faults.now.Load().Slow, d.size, d.factor))
}

// awaitWorkers waits while the server is stalled. It returns false if ctx ended first.
func (l *life) awaitWorkers(ctx context.Context) bool {
	for {
		f := l.faults.now.Load()
		if !f.Stall {
			return true
		}
		select {
		case <-f.replaced:
		case <-ctx.Done():
			return false
		}
	}
}

// readBody reads the body away: only then does net/http notice a client that leaves. The deadline is
// the body's alone, because one on the whole request would end stalled requests too.
func readBody(w http.ResponseWriter, r *http.Request) int {
	if r.Body == http.NoBody {
		return http.StatusOK
	}
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Now().Add(bodyTime))
	if _, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return http.StatusRequestEntityTooLarge
		}
		return 0
	}
	_ = c.SetReadDeadline(time.Time{})
	return http.StatusOK
}
