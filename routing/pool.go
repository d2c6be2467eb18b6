package routing

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Pool holds the upstreams: who is up, what is in flight, how fast they answer. It is safe for
// concurrent use, and its upstreams do not change.
type Pool struct {
	start     time.Time
	health    HealthConfig
	upstreams []*upstream
	onChange  atomic.Pointer[func(id string, up bool, reason string)]
}

// NewPool makes a pool whose clock starts now. It fails on an empty pool, a repeated id, a URL
// that names no server, or a health configuration out of range.
func NewPool(ups []UpstreamConfig, h HealthConfig) (*Pool, error) {
	if len(ups) == 0 {
		return nil, errors.New("upstream pool: it needs at least one server")
	}
	if h.Path != "" && (h.Path[0] != '/' || strings.HasPrefix(h.Path, "//") || h.Rise < 1 || h.Fall < 1 || h.Timeout <= 0) {
		return nil, fmt.Errorf("health checks: path %q must start with one /, timeout %v, rise %d and fall %d must be above 0", h.Path, h.Timeout, h.Rise, h.Fall)
	}
	p := &Pool{start: time.Now(), health: h}
	for _, c := range ups {
		u, err := newUpstream(c)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(p.upstreams, func(o *upstream) bool { return o.id == u.id }) {
			return nil, fmt.Errorf("upstream %s: the id is taken: give each server its own", u.id)
		}
		p.upstreams = append(p.upstreams, u)
	}
	return p, nil
}

// Now is the time since NewPool; it never runs backwards.
func (p *Pool) Now() time.Duration { return time.Since(p.start) }

// Status describes every upstream, in order.
func (p *Pool) Status() []UpstreamStatus {
	now := p.Now()
	all := make([]UpstreamStatus, len(p.upstreams))
	for i, u := range p.upstreams {
		all[i] = u.status(now)
	}
	return all
}

// anyUp tells whether at least one upstream is in use.
func (p *Pool) anyUp() bool {
	return slices.ContainsFunc(p.Status(), func(s UpstreamStatus) bool { return s.Up })
}

// view fills servers, one entry an upstream, with the state of now. Upstreams are read one after
// the other, not at one instant: a lock over all would cost more than the difference matters.
func (p *Pool) view(servers []ServerView, now time.Duration, exclude []int) {
	for i, u := range p.upstreams {
		u.view(&servers[i], now)
	}
	for _, i := range exclude {
		if i >= 0 && i < len(servers) {
			servers[i].Available = false
		}
	}
}

// answered books an outcome and announces the server's exit if this refusal was one too many.
func (p *Pool) answered(server int, f Flight, o Outcome, streams bool) {
	if u := p.upstreams[server]; u.answered(f, o, streams, p.health) {
		p.announce(u.id, false, "requests get no connection")
	}
}

// checked takes in a health poll.
func (p *Pool) checked(server int, c check) {
	u := p.upstreams[server]
	u.mu.Lock()
	changed := u.health.checked(p.Now(), c, p.health)
	up := u.health.up
	u.mu.Unlock()
	if changed {
		p.announce(u.id, up, c.reason)
	}
}

func (p *Pool) announce(id string, up bool, reason string) {
	if f := p.onChange.Load(); f != nil {
		(*f)(id, up, reason)
	}
}
