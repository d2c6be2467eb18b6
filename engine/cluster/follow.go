package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"slbtui/engine/cluster/bus"
	"slbtui/engine/metrics"
)

// notice tells the others of what was just written, before their own watches do: who watches at a server that has
// died hears nothing for a while.
type notice struct {
	Key      string          `json:"key"`
	Order    json.RawMessage `json:"order"`
	Revision uint64          `json:"revision"`
}

// follow carries out what is written, for as long as ctx lasts.
func (c *Cluster) follow(ctx context.Context) {
	for ctx.Err() == nil {
		bucket, err := c.open(ctx)
		if err == nil {
			watching, cancel := context.WithCancel(ctx)
			c.mu.Lock()
			c.rewatch = cancel
			c.mu.Unlock()
			err = bucket.Watch(watching, func(v bus.Value) { c.see(ctx, v) })
			cancel()
		}
		c.mu.Lock()
		c.watching = false
		if err != nil && c.bucket == nil {
			c.why = err.Error()
		}
		c.mu.Unlock()
		wait(ctx, min(c.tick, reopenEach))
	}
}

// open opens the bucket, once.
func (c *Cluster) open(ctx context.Context) (*bus.Bucket, error) {
	c.mu.Lock()
	b := c.bucket
	c.mu.Unlock()
	if b != nil {
		return b, nil
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	b, err := c.bus.Bucket(ctx, "orders")
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.bucket, c.why = b, ""
	c.mu.Unlock()
	return b, nil
}

// see takes in one value of the bucket, or that all of those of before have come.
func (c *Cluster) see(ctx context.Context, v bus.Value) {
	if v.Key == "" {
		c.mu.Lock()
		c.watching = true
		c.mu.Unlock()
		c.beginIfCurrent(ctx)
		return
	}
	c.mu.Lock()
	c.book.through = max(c.book.through, v.Revision)
	c.mu.Unlock()
	c.written(ctx, v.Key, v.Data, v.Revision)
}

// noticed takes in what another replica has just written.
func (c *Cluster) noticed(ctx context.Context, data []byte) {
	var n notice
	if json.Unmarshal(data, &n) == nil {
		c.written(ctx, n.Key, n.Order, n.Revision)
	}
}

// written takes in an order that is written, and carries it out.
func (c *Cluster) written(ctx context.Context, key string, data []byte, revision uint64) {
	o, err := readOrder(data)
	if err == nil && keyOf(o.cmd) != key {
		err = fmt.Errorf("it is of another key")
	}
	c.mu.Lock()
	known := c.book.refused[key] == o.ID
	if err != nil {
		c.book.refused[key] = o.ID
	}
	now := err == nil && c.book.learn(key, o, revision) && c.began
	c.mu.Unlock()
	if err != nil && !known {
		c.note(ctx, metrics.EventWarning, fmt.Sprintf("what is written for all as %s is left out: %v", key, err))
	}
	if now {
		c.enforce(ctx)
	}
}

// enforce carries out what is not in force here though it should be.
func (c *Cluster) enforce(ctx context.Context) {
	c.giving.Lock()
	defer c.giving.Unlock()
	s := c.engine.Snapshot()
	if s == nil {
		return
	}
	c.mu.Lock()
	due := c.book.due(s)
	c.mu.Unlock()
	for _, o := range due {
		key := keyOf(o.cmd)
		err := c.engine.Do(ctx, o.cmd)
		if ctx.Err() != nil {
			return
		}
		c.mu.Lock()
		again := c.book.done[key] == o.ID || c.book.refused[key] == o.ID
		if err == nil {
			c.book.done[key] = o.ID
		} else {
			c.book.refused[key] = o.ID
		}
		c.mu.Unlock()
		switch {
		case again:
		case err != nil:
			c.note(ctx, metrics.EventWarning, fmt.Sprintf("ordered for all, and not to be done here: %s: %v", o, err))
		case o.Replica != c.Name():
			c.note(ctx, metrics.EventOperator, "ordered for all: "+o.String())
		}
	}
}

// beginIfCurrent begins where all that a majority has is known here: the store of a replica that was away is not
// enough.
func (c *Cluster) beginIfCurrent(ctx context.Context) {
	c.mu.Lock()
	bucket, due := c.bucket, c.watching && !c.began
	c.mu.Unlock()
	if !due {
		return
	}
	asking, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	last, err := bucket.Last(asking)
	c.mu.Lock()
	current := err == nil && c.book.through >= last
	c.mu.Unlock()
	if current {
		c.begin(ctx, true)
	}
}

// begin lets clients in, once.
func (c *Cluster) begin(ctx context.Context, current bool) {
	c.mu.Lock()
	if c.began {
		c.mu.Unlock()
		return
	}
	c.began, c.late = true, !current
	c.book.settle()
	why, orders := c.why, len(c.book.written)
	c.mu.Unlock()
	if current {
		c.takeTable(ctx)
	}
	c.enforce(ctx)
	switch {
	case current:
		c.note(ctx, metrics.EventEngine, fmt.Sprintf("replica %s of fleet %s: %d orders hold", c.Name(), c.fleet, orders))
	case orders > 0:
		c.note(ctx, metrics.EventWarning, fmt.Sprintf("the fleet had no leader within 5 s: this replica serves as the %d orders of its own store say until it has", orders))
	default:
		c.note(ctx, metrics.EventWarning, "the fleet was not found in 5 s: this replica serves what its own configuration says until it is: "+why)
	}
	close(c.ready)
}

// wait sleeps, but not longer than ctx lasts.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
