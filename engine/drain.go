package engine

import (
	"context"
	"net/http"
	"time"

	"slbtui/engine/config"
	"slbtui/engine/front"
)

// serveProxy lets clients in until ctx is done, then drains.
func (e *Engine) serveProxy(ctx context.Context) error {
	err := front.Serve(ctx, e.listener, http.HandlerFunc(e.proxied), front.Options{
		Limits: e.loadBalancer().ClientLimits, Certificate: e.cert, Drain: e.drain,
	})
	e.closeAll() // ends upgraded connections, which the front no longer knows
	e.front.Load().Retire()
	return err
}

// proxied sends a request to the balancer of the moment.
func (e *Engine) proxied(w http.ResponseWriter, r *http.Request) { e.front.Load().ServeHTTP(w, r) }

// drain announces the end, and then gives requests in flight their time.
func (e *Engine) drain() (context.Context, context.CancelFunc) {
	e.announceDrain()
	return context.WithTimeout(e.hurried, e.loadBalancer().DrainTimeout)
}

// announceDrain makes the balancer's own health answer 503 for the configured time, while it still
// serves: whatever sends traffic here notices, and no client finds a closed port.
func (e *Engine) announceDrain() {
	e.front.Load().Drain()
	if d := e.loadBalancer().DrainDelay; d > 0 {
		e.journal.Event("engine", "draining: unhealthy for "+d.String()+", then closed")
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
