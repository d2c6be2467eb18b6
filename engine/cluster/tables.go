package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"slbtui/engine/cluster/bus"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

const (
	sharedLearner = "q_factored" // whose table says among how many balancers it was learned
	tableEvery    = 30           // ticks
	tableFor      = time.Second  // that a start waits for one
	mostTable     = 512 << 10    // bytes
)

// table is what a replica has learned, for one that starts knowing nothing. It is never mixed into what another one
// knows: replicas that think alike run to the same server.
type table struct {
	Replica   string          `json:"replica"`
	Balancers int             `json:"balancers"` // among how many it was learned
	Table     json.RawMessage `json:"table"`
}

// keepTable writes what this replica has learned, if it is news.
func (c *Cluster) keepTable(ctx context.Context) {
	var learned bytes.Buffer
	if err := c.engine.Do(ctx, live.SaveTable{Learner: sharedLearner, To: &learned}); err != nil || learned.Len() > mostTable || bytes.Equal(learned.Bytes(), c.kept) {
		return
	}
	c.mu.Lock()
	among := c.roll.counted
	c.mu.Unlock()
	data, err := json.Marshal(table{c.Name(), among, learned.Bytes()})
	if among == 0 || err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, writeFor)
	defer cancel()
	bucket, err := c.bus.Bucket(ctx, "tables")
	if err == nil {
		_, err = bucket.Put(ctx, escape(c.Name()), fmt.Sprint(c.run, time.Now().UnixNano()), data)
	}
	if err == nil {
		c.kept = learned.Bytes()
	}
}

// takeTable lets a learner that knows nothing begin with what another replica wrote last. How many balancers there
// are is what that one had counted, until this one has counted, too.
func (c *Cluster) takeTable(ctx context.Context) {
	reading, cancel := context.WithTimeout(ctx, tableFor)
	defer cancel()
	bucket, err := c.bus.Bucket(reading, "tables")
	if err != nil {
		return
	}
	var newest bus.Value
	_ = bucket.Watch(reading, func(v bus.Value) {
		if v.Key == "" {
			cancel() // that is all there is
		} else if v.Revision > newest.Revision {
			newest = v
		}
	})
	var t table
	if json.Unmarshal(newest.Data, &t) != nil || t.Balancers < 1 {
		return
	}
	c.mu.Lock()
	c.roll.counted = t.Balancers
	c.mu.Unlock()
	c.share(ctx)
	if c.engine.Do(ctx, live.LoadTable{Learner: sharedLearner, From: t.Table}) == nil {
		c.note(ctx, metrics.EventEngine, fmt.Sprintf("%s begins with what replica %s learned among %d balancers", sharedLearner, t.Replica, t.Balancers))
	}
}
