package engine

import (
	"context"
	"sync"
)

// current is the balancer of the moment. Only the control goroutine replaces it. Before Listen, it has but a
// configuration and its policies.
type current struct {
	mu sync.Mutex // also orders those who hold it
	b  *balancer
}

// balancer returns it; another may take over at any time.
func (c *current) balancer() *balancer {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b
}

// hold lets no other take over while f looks at it.
func (c *current) hold(f func(*balancer)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(c.b)
}

// replace lets next take over, and does with that what has to agree with it.
func (c *current) replace(next *balancer, with func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.b = next
	with()
}

// runHealth polls for the balancer of the moment.
func (c *current) runHealth(ctx context.Context) error {
	for ctx.Err() == nil {
		b := c.balancer()
		polling, cancel := context.WithCancel(ctx)
		stop := context.AfterFunc(b.retired, cancel)
		err := b.health.Run(polling)
		stop()
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}
