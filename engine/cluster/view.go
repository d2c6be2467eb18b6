package cluster

import "slbtui/engine/live"

// Snapshot is that of the engine, with the fleet.
func (c *Cluster) Snapshot() *live.Snapshot {
	s := c.engine.Snapshot()
	if s == nil {
		return nil
	}
	us := c.presenceOf(s)
	whole := *s
	whole.Fleet = c.view(us)
	return &whole
}

func (c *Cluster) view(us presence) *live.Fleet {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := &live.Fleet{
		Name: c.fleet, Self: us.Replica, Revision: us.Through, Expected: c.roll.expected, Replicas: c.roll.list(us),
		Connected: !us.Alone, Why: c.why,
	}
	if c.cut {
		f.Why = "no majority of the fleet is in sight"
	}
	return f
}
