package backends

import (
	"sync"
	"time"
)

// bucket is a token bucket of one second's worth, full at first. The zero rate has no limit.
type bucket struct {
	rate float64 // tokens per second

	mu     sync.Mutex
	tokens float64
	filled time.Time // up to when; zero before the first request
}

// take takes a token, if there is one.
func (b *bucket) take(now time.Time) bool {
	if b.rate == 0 {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	depth := max(1, b.rate) // below one token nothing would ever be served
	if b.filled.IsZero() {
		b.tokens, b.filled = depth, now
	}
	b.tokens = min(depth, b.tokens+b.rate*now.Sub(b.filled).Seconds())
	b.filled = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
