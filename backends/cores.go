package backends

import (
	"context"
	"slices"
	"sort"
	"sync"
	"time"
)

// cores are the workers of a server whose requests share them: with n there and c cores each is served
// at the rate min(1, c/n), and nobody waits in a queue. Work is told by a clock that runs at that rate; see
// processor in engine/simulate, which is the same in virtual time.
type cores struct {
	total int

	mu      sync.Mutex
	clock   float64   // in ns of work
	wound   time.Time // up to when
	stalled bool      // nothing is served
	ends    []*coreJob
	timer   *time.Timer // until the first of them ends; nil before the first
}

// coreJob is a request in service. Those that end first stand last.
type coreJob struct {
	end  float64       // on the clock
	done chan struct{} // closed at the end
}

// serve lets a request have so much service, and returns when it has had it. It returns false if ctx ended first.
func (c *cores) serve(ctx context.Context, service time.Duration) bool {
	j := c.begin(service)
	select {
	case <-j.done:
		return true
	case <-ctx.Done():
		c.leave(j)
		return false
	}
}

func (c *cores) begin(service time.Duration) *coreJob {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wind()
	j := &coreJob{end: c.clock + float64(service), done: make(chan struct{})}
	at := sort.Search(len(c.ends), func(i int) bool { return c.ends[i].end <= j.end })
	c.ends = slices.Insert(c.ends, at, j)
	c.plan()
	return j
}

func (c *cores) leave(j *coreJob) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wind()
	if i := slices.Index(c.ends, j); i >= 0 {
		c.ends = slices.Delete(c.ends, i, i+1)
	}
	c.plan()
}

// stall stops the service of all, or lets it go on.
func (c *cores) stall(stalled bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wind()
	c.stalled = stalled
	c.plan()
}

// load returns the number of busy cores, and of the requests beyond.
func (c *cores) load() (busy, beyond int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	busy = min(len(c.ends), c.total)
	return busy, len(c.ends) - busy
}

// rate is how fast each request is served.
func (c *cores) rate() float64 {
	switch {
	case c.stalled:
		return 0
	case len(c.ends) <= c.total:
		return 1
	}
	return float64(c.total) / float64(len(c.ends))
}

// wind moves the clock up to now. It comes before every change of the rate.
func (c *cores) wind() {
	now := time.Now()
	if !c.wound.IsZero() {
		c.clock += float64(now.Sub(c.wound)) * c.rate()
	}
	c.wound = now
}

// plan ends the services whose time is up, and sets the timer for the next one.
func (c *cores) plan() {
	const slip = 0.5 // ns, of the sums
	for n := len(c.ends); n > 0 && c.ends[n-1].end <= c.clock+slip; n = len(c.ends) {
		close(c.ends[n-1].done)
		c.ends = c.ends[:n-1]
	}
	if c.timer != nil {
		c.timer.Stop()
	}
	if len(c.ends) == 0 || c.rate() == 0 {
		return
	}
	wait := time.Duration((c.ends[len(c.ends)-1].end-c.clock)/c.rate()) + 1
	if c.timer == nil {
		c.timer = time.AfterFunc(wait, c.wake)
	} else {
		c.timer.Reset(wait)
	}
}

func (c *cores) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wind()
	c.plan()
}
