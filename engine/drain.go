package engine

import (
	"time"

	"slbtui/engine/config"
)

// announceDrain makes the balancer's own health answer 503 for the configured time, while it still
// serves: whatever sends traffic here notices, and no client finds a closed port.
func (e *Engine) announceDrain() {
	e.front.Load().Drain()
	if d := e.loadBalancer().DrainDelay; d > 0 {
		e.event("engine", "", "draining: unhealthy for "+d.String()+", then closed")
		select {
		case <-time.After(d):
		case <-e.hurried.Done():
		}
	}
}

// Hurry ends the drain, of now or to come: requests still in flight are cut. It does not end a run.
func (e *Engine) Hurry() { e.hurry() }

// loadBalancer is the configuration of the moment, for whoever is not the control goroutine.
func (e *Engine) loadBalancer() config.LoadBalancer {
	e.sampleMu.Lock()
	defer e.sampleMu.Unlock()
	return e.cfg.LoadBalancer
}
