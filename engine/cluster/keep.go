package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

const (
	farewell   = time.Second
	behindFor  = 2 // ticks, before what is written is read anew
	mostNotice = 64 << 10
)

// keep does once a second what keeps a fleet together.
func (c *Cluster) keep(ctx context.Context) {
	ticker := time.NewTicker(c.tick)
	defer ticker.Stop()
	patience := time.NewTimer(firstWord)
	defer patience.Stop()
	c.present()
	for {
		select {
		case <-ticker.C:
			c.beat(ctx)
		case <-patience.C:
			c.begin(ctx, false)
		case <-ctx.Done():
			return
		}
	}
}

func (c *Cluster) beat(ctx context.Context) {
	c.mu.Lock()
	said := c.roll.tick()
	began := c.began
	connected := c.bus.Connected()
	cut := began && (!connected || !c.roll.majority())
	changed := cut != c.cut
	c.cut = cut
	if cut {
		c.book.cutOff()
	}
	c.mu.Unlock()
	if changed && cut {
		c.note(ctx, metrics.EventWarning, "this replica sees no majority of its fleet: requests are served as before, orders given here hold here only and are lost on return")
	} else if changed {
		c.note(ctx, metrics.EventEngine, "this replica sees the majority of its fleet again")
	}
	c.tell(ctx, said)
	c.present()
	c.share(ctx)
	if !began {
		c.beginIfCurrent(ctx)
		return
	}
	if cut {
		return
	}
	c.catchUp(ctx)
	c.retry(ctx)
	c.enforce(ctx)
	if c.ticks++; c.ticks%tableEvery == 0 {
		c.keepTable(ctx)
	}
}

// present says how this replica is.
func (c *Cluster) present() {
	s := c.engine.Snapshot()
	if s == nil {
		return
	}
	p := c.presenceOf(s)
	p.Stamp = time.Now()
	c.say(p)
}

func (c *Cluster) presenceOf(s *live.Snapshot) presence {
	p := ourPresence(s)
	p.Replica, p.Run = c.Name(), c.run
	c.mu.Lock()
	p.Through, p.Alone = c.book.through, c.cut || c.bucket == nil
	c.mu.Unlock()
	return p
}

func (c *Cluster) say(p presence) {
	if data, err := json.Marshal(p); err == nil && len(data) < mostNotice {
		_ = c.bus.Say("presence", data) // it is said again in a second
	}
}

// sayGoodbye lets the others know that this replica has not died.
func (c *Cluster) sayGoodbye() {
	c.say(presence{Replica: c.Name(), Run: c.run, Stamp: time.Now(), Stopped: true})
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	_ = c.bus.Flush(ctx) // they notice by themselves, later
}

// heard takes in how another replica is.
func (c *Cluster) heard(ctx context.Context, data []byte) {
	var p presence
	if json.Unmarshal(data, &p) != nil || p.Replica == "" {
		return
	}
	c.mu.Lock()
	var said []news
	rival := p.Replica == c.Name() && !c.rival
	if p.Replica == c.Name() {
		c.rival = true
	} else {
		said = c.roll.hear(p, time.Now())
	}
	c.mu.Unlock()
	if rival {
		c.note(ctx, metrics.EventWarning, "another replica has the name "+c.Name()+", too: set cluster.name")
	}
	c.tell(ctx, said)
}

func (c *Cluster) tell(ctx context.Context, said []news) {
	for _, n := range said {
		kind := metrics.EventEngine
		if n.bad {
			kind = metrics.EventWarning
		}
		c.note(ctx, kind, "replica "+n.replica+" "+n.text)
	}
}

// share lets the engine know how many share the servers, and what they have in flight there.
func (c *Cluster) share(ctx context.Context) {
	c.mu.Lock()
	o := live.Others{Balancers: c.roll.counted}
	o.InFlight, o.Streaming = c.roll.inFlight()
	quiet := o.InFlight == nil && !c.shared && o.Balancers == c.told
	c.shared, c.told = o.InFlight != nil, o.Balancers
	c.mu.Unlock()
	if quiet {
		return
	}
	if err := c.engine.Do(ctx, o); err != nil && ctx.Err() == nil {
		c.note(ctx, metrics.EventWarning, fmt.Sprintf("%d balancers share the servers, which cannot be told the policies: %v", o.Balancers, err))
	}
}

// catchUp sees to it that what is written is known here: it reads all anew when others have known more for a while,
// and when this replica comes back from where nobody was.
func (c *Cluster) catchUp(ctx context.Context) {
	c.mu.Lock()
	if c.roll.through() > c.book.through {
		c.behind++
	} else {
		c.behind = 0
	}
	again := c.behind >= behindFor
	if again {
		c.behind = 0
	}
	bucket, rewatch, lost := c.bucket, c.rewatch, len(c.book.unwritten()) < len(c.book.waiting)
	through := c.book.through
	c.mu.Unlock()
	if again && rewatch != nil {
		rewatch()
	}
	if !lost || bucket == nil {
		return
	}
	asking, cancel := context.WithTimeout(ctx, askFor)
	defer cancel()
	switch last, err := bucket.Last(asking); {
	case err != nil: // no leader yet
	case last > through && rewatch != nil:
		rewatch()
	default:
		c.forget(ctx)
	}
}
