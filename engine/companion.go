package engine

import (
	"context"

	"slbtui/routing/proxy"
)

// Companion runs beside the proxy for as long as it serves: an access log, a listener for operators.
type Companion interface {
	// Observe is told of each request when it has ended. It must not block, nor keep x.Request.
	Observe(x proxy.Exchange)
	// Run serves until ctx is done; the engine waits for its return.
	Run(ctx context.Context) error
}

type namedCompanion struct {
	Companion
	name string
}

// Attach adds a companion. Call it before Run.
func (e *Engine) Attach(name string, c Companion) {
	e.companions = append(e.companions, namedCompanion{c, name})
}
