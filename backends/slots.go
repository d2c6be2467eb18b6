package backends

import (
	"container/list"
	"context"
	"sync"
)

// slots are the workers of a server and the queue before them. While anyone waits, all slots are
// busy, and a slot that falls free goes straight to the head of the queue: nobody overtakes.
type slots struct {
	total int

	mu    sync.Mutex
	busy  int
	queue list.List // of chan struct{}, closed when its owner gets a slot
}

// acquire takes a slot, waiting in line for it. It fails with ctx's error once ctx has ended, and
// then holds nothing.
func (s *slots) acquire(ctx context.Context) error {
	s.mu.Lock()
	if s.busy < s.total {
		s.busy++
		s.mu.Unlock()
		return nil
	}
	granted := make(chan struct{})
	place := s.queue.PushBack(granted)
	s.mu.Unlock()

	select {
	case <-granted:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-granted: // the slot came as the client left: pass it on
		s.releaseLocked()
	default:
		s.queue.Remove(place)
	}
	return ctx.Err()
}

// release gives a slot back.
func (s *slots) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.releaseLocked()
}

func (s *slots) releaseLocked() {
	head := s.queue.Front()
	if head == nil {
		s.busy--
		return
	}
	close(s.queue.Remove(head).(chan struct{}))
}

// load returns the number of busy slots and of requests waiting for one.
func (s *slots) load() (busy, queued int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busy, s.queue.Len()
}
