package engine

import "time"

// announceDrain makes the balancer's own health answer 503 for the configured time, while it still
// serves: whatever sends traffic here notices, and no client finds a closed port.
func (e *Engine) announceDrain() {
	e.handler.Drain()
	if d := e.cfg.LoadBalancer.DrainDelay; d > 0 {
		e.event("engine", "", "draining: unhealthy for "+d.String()+", then closed")
		time.Sleep(d)
	}
}
