package backends

import (
	"sync"
	"time"
)

// What a server says of its health.
const (
	Healthy   = "healthy"
	Degraded  = "degraded"
	Unhealthy = "unhealthy"
)

// The window of the average response time: at most so many responses, and none older than this, so
// that a server without traffic recovers.
const (
	recentResponses = 100
	recentAge       = 10 * time.Second
)

// assess judges a server by its utilisation in percent, its requests in progress and its average
// response time. A value on a threshold is still on the better side.
func assess(cpu float64, active int, avgMS float64) string {
	switch {
	case cpu > 80 || active > 20 || avgMS > 500:
		return Unhealthy
	case cpu > 50 || active > 10 || avgMS > 200:
		return Degraded
	}
	return Healthy
}

// recent remembers the last response times.
type recent struct {
	mu   sync.Mutex
	ring [recentResponses]response
	next int
}

type response struct {
	at time.Time
	ms float64
}

func (r *recent) add(at time.Time, ms float64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ring[r.next] = response{at, ms}
	r.next = (r.next + 1) % recentResponses
}

// average returns the mean in ms of the responses that are not too old at now; 0 when there is none.
func (r *recent) average(now time.Time) float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	var sum float64
	n := 0
	for _, e := range r.ring {
		if now.Sub(e.at) < recentAge {
			sum += e.ms
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// forget empties the memory, as the restart of a process would.
func (r *recent) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ring = [recentResponses]response{}
}
