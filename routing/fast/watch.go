package fast

import (
	"context"
	"sync"
	"time"
)

// glance is how often is looked whether a client is still there, while its request waits.
const glance = 250 * time.Millisecond

// presence is what a client's socket says of it.
type presence uint8

const (
	present  presence = iota // or nobody knows
	halfGone                 // it has closed its side, and may wait for its answer
	whollyGone
)

// watch is the context of a client's request: it ends when the client has left. Whoever waits for a server looks at
// the client meanwhile, see left; where somebody else waits, who knows only the context, a goroutine does.
type watch struct {
	client *Client
	lent   bool // somebody who may keep it has it

	mu    sync.Mutex
	err   error
	since time.Time     // the client has closed its side
	done  chan struct{} // nil until somebody waits
	stop  chan struct{}
	ended chan struct{}
}

// Deadline implements context.Context.
func (w *watch) Deadline() (time.Time, bool) { return time.Time{}, false }

// Value implements context.Context.
func (w *watch) Value(any) any { return nil }

// Err implements context.Context.
func (w *watch) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// Done implements context.Context.
func (w *watch) Done() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done == nil {
		w.done, w.stop, w.ended = make(chan struct{}), make(chan struct{}), make(chan struct{})
		if w.err != nil {
			close(w.done)
			close(w.ended)
		} else {
			go w.run(w.stop, w.ended)
		}
	}
	return w.done
}

func (w *watch) run(stop, ended chan struct{}) {
	defer close(ended)
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	for !w.left() {
		select {
		case <-ticker.C:
		case <-stop:
			return
		}
	}
}

// left looks whether the client has left.
func (w *watch) left() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return true
	}
	c := w.client
	if c.Socket == nil {
		return false
	}
	gone := false
	switch presenceOf(c.Socket) {
	case whollyGone:
		gone = true
	case halfGone:
		if w.since.IsZero() {
			w.since = time.Now()
		}
		gone = time.Since(w.since) >= c.HalfClose
	}
	if gone {
		w.err = context.Canceled
		if w.done != nil {
			close(w.done)
		}
	}
	return gone
}

// end ends the goroutine that there may be, and the context, which is ready for the next request unless it was lent.
func (w *watch) end() {
	w.mu.Lock()
	ended := w.ended
	if w.done != nil {
		close(w.stop)
	}
	w.mu.Unlock()
	if ended != nil {
		<-ended
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lent {
		w.err = context.Canceled
		if w.done != nil && !isClosed(w.done) {
			close(w.done)
		}
		return
	}
	w.err, w.since, w.done, w.stop, w.ended = nil, time.Time{}, nil, nil, nil
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
