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

// Readied is a Companion that has to be ready before clients are let in.
type Readied interface {
	Companion
	// Ready is closed in the end, while Run runs.
	Ready() <-chan struct{}
}

// awaitCompanions waits for those that have to be ready.
func (e *Engine) awaitCompanions(ctx context.Context) {
	for _, c := range e.companions {
		if r, ok := c.Companion.(Readied); ok {
			select {
			case <-r.Ready():
			case <-ctx.Done():
			}
		}
	}
}

type namedCompanion struct {
	Companion
	name string
}

// Attach adds a companion. Call it before Run.
func (e *Engine) Attach(name string, c Companion) {
	e.companions = append(e.companions, namedCompanion{c, name})
}
