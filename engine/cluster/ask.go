package cluster

import (
	"context"
	"time"
)

const (
	askPatience = 8 * time.Second // a poll for a snapshot lasts 5 s at the most
	mostAsks    = 64              // that are answered at once
)

// Ask sends a question to another replica, and waits for its answer.
func (c *Cluster) Ask(ctx context.Context, replica string, question []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	return c.bus.Ask(ctx, replica, question)
}

// Answer says who answers the questions of other replicas. Call it before Run.
func (c *Cluster) Answer(answer func(ctx context.Context, question []byte) []byte) {
	c.asks.SetLimit(mostAsks)
	c.answers = answer
}

// asked answers one question, in a goroutine that Run waits for.
func (c *Cluster) asked(ctx context.Context, question []byte, reply func([]byte)) {
	if c.answers == nil {
		return
	}
	c.asks.TryGo(func() error { // beyond the limit who asks gets no answer
		ctx, cancel := context.WithTimeout(ctx, askPatience)
		defer cancel()
		reply(c.answers(ctx, question))
		return nil
	})
}
