package cluster

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// Do carries out a command here and, if it concerns the whole fleet, has it written for all. Its error is that of
// the engine, or live.Accepted where the others do not have it yet.
func (c *Cluster) Do(ctx context.Context, cmd live.Command) error {
	_, toggle := cmd.(live.ToggleRL)
	if keyOf(cmd) == "" && !toggle {
		return c.engine.Do(ctx, cmd)
	}
	c.giving.Lock()
	defer c.giving.Unlock()
	before := c.engine.Snapshot()
	if err := c.engine.Do(ctx, cmd); err != nil {
		return err
	}
	after := c.engine.Snapshot()
	if before == nil || after == nil {
		return errors.New("the run has not begun: try again")
	}
	var late error
	for _, w := range wanted(cmd, before, after) {
		by := live.Operator(ctx)
		if by == "" {
			by = "somebody"
		}
		o, err := newOrder(w, rand.Text(), by, c.Name())
		if err != nil {
			return err
		}
		if err := c.give(ctx, entry{order: o, undo: undo(w, before)}); err != nil {
			late = err
		}
	}
	return late
}

// give has an order written that is carried out here already.
func (c *Cluster) give(ctx context.Context, e entry) error {
	c.mu.Lock()
	e.cut = c.cut
	c.book.give(keyOf(e.order.cmd), e)
	c.mu.Unlock()
	if e.cut {
		return live.Accepted{Why: "this replica sees no majority of its fleet: the order does not reach the others, and is lost when they are back"}
	}
	if err := c.write(ctx, e.order); err != nil {
		return live.Accepted{Why: "it is written for the other replicas as soon as they have a leader, ten seconds at the most after one was lost"}
	}
	return nil
}

// write has an order written in the bucket, and tells the others.
func (c *Cluster) write(ctx context.Context, o Order) error {
	c.mu.Lock()
	bucket := c.bucket
	c.mu.Unlock()
	if bucket == nil {
		return errors.New("the bucket is not open yet")
	}
	data, err := json.Marshal(o)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, writeFor)
	defer cancel()
	key := keyOf(o.cmd)
	revision, err := bucket.Put(ctx, key, o.ID, data)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.book.learn(key, o, revision)
	c.mu.Unlock()
	if data, err = json.Marshal(notice{key, data, revision}); err == nil {
		_ = c.bus.Say("order", data) // their watches have it, too
	}
	return nil
}

// retry writes what could not be written when it was given.
func (c *Cluster) retry(ctx context.Context) {
	c.giving.Lock()
	defer c.giving.Unlock()
	c.mu.Lock()
	waiting := c.book.unwritten()
	c.mu.Unlock()
	for _, e := range waiting {
		if c.write(ctx, e.order) != nil {
			return
		}
		c.note(ctx, metrics.EventOperator, "written for all replicas: "+e.order.String())
	}
}

// forget takes back what was given while this replica was cut off, once it knows what the others have ordered.
func (c *Cluster) forget(ctx context.Context) {
	c.giving.Lock()
	defer c.giving.Unlock()
	c.mu.Lock()
	lost := c.book.lose()
	var back []live.Command
	for _, e := range lost {
		if _, ordered := c.book.written[keyOf(e.order.cmd)]; !ordered && e.undo != nil {
			back = append(back, e.undo)
		}
	}
	c.mu.Unlock()
	for _, cmd := range back {
		_ = c.engine.Do(ctx, cmd) // it was so before
	}
	for _, e := range lost {
		c.note(ctx, metrics.EventWarning, "lost: "+e.order.String()+": it was given here while this replica was cut off from the majority of its fleet, whose orders hold")
	}
}
