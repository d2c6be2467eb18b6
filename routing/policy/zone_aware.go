package policy

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

var zoneAwareSpec = Spec{
	Name:    "zone_aware",
	Summary: "least requests within the balancer's own zone; the nearest other zone when requests wait there, or it is down",
	Source:  "zone aware routing of Envoy and Linkerd; waterfall by zone; TCP Vegas for what waits",
	New:     newZoneAware,
}

// How zoneAware tells that requests wait.
const (
	zoneStep   = 0.05             // of an answer into a server's mean
	zoneForget = time.Minute      // in which what is quiet doubles, unless it is measured again
	zoneFull   = 1.0              // requests that wait at a server of the zone, on average
	zoneEarly  = 1 / zoneStep / 2 // answers before which a mean is none to go by
)

// zoneAware takes the server with the fewest requests in flight in the balancer's own zone, and goes to the
// nearest zone that has room when its own is full or has no server left. No server says how many requests
// it serves at once, so what waits is told as TCP Vegas does: of n in flight at a server whose answers take
// mean now, and took quiet when they were fastest,
//
//	waiting = n·(1 - quiet/mean)
//
// do not get on. A zone is full with one of them a server, by this balancer's own count, which falls as soon as
// it goes elsewhere. The nearest zone is that of the fastest quiet answer, round trip included; one never
// tried counts as near. Without zones it is least_request.
type zoneAware struct {
	mu    sync.Mutex
	rng   *rand.Rand
	zone  []int // of each server, an index of zones; own is 0
	zones []zone
	paces []pace
	warn  func(string)
}

// zone is what a pick makes of one.
type zone struct {
	best    lowest
	servers int     // available
	waiting float64 // requests
	quietMS float64 // the fastest
}

// room tells whether a request would get on there.
func (z *zone) room() bool { return z.servers > 0 && z.waiting < zoneFull*float64(z.servers) }

// pace is how fast a server answers.
type pace struct {
	answers int
	meanMS  float64
	quietMS float64 // the lowest mean, which is forgotten
	at      time.Duration
}

func newZoneAware(o Options) Policy {
	p := &zoneAware{rng: NewRand(o.Seed), zone: make([]int, len(o.Servers)), paces: make([]pace, len(o.Servers)), zones: make([]zone, 1)}
	names := []string{o.Zone}
	for i, s := range o.Servers {
		at := slices.Index(names, s.Zone)
		if at < 0 {
			at = len(names)
			names = append(names, s.Zone)
			p.zones = append(p.zones, zone{})
		}
		p.zone[i] = at
	}
	if o.Warn != nil && len(o.Servers) > 0 && !slices.Contains(p.zone, 0) {
		text := fmt.Sprintf("no server is in the balancer's own zone, %q, so it goes to the nearest of the others; load_balancer.zone and servers[].zone say who is where", o.Zone)
		p.warn = func(name string) { o.Warn(name, text) }
	}
	return p
}

// Name is "zone_aware".
func (*zoneAware) Name() string { return "zone_aware" }

// Pick takes the least busy server of the nearest zone with room, or of its own zone when none has any.
func (p *zoneAware) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.warn != nil {
		p.warn(p.Name())
		p.warn = nil
	}
	p.look(v)
	chosen := &p.zones[0]
	if !chosen.room() {
		chosen = p.elsewhere()
	}
	return chosen.best.server, Token{Server: chosen.best.server, At: v.Now}
}

// look sums the servers up by zone.
func (p *zoneAware) look(v View) {
	for i := range p.zones {
		p.zones[i] = zone{best: newLowest()}
	}
	for i := range min(len(v.Servers), len(p.zone)) {
		s := &v.Servers[i]
		if !s.Available {
			continue
		}
		z, pace := &p.zones[p.zone[i]], &p.paces[i]
		if z.servers++; z.servers == 1 || pace.quietMS < z.quietMS {
			z.quietMS = pace.quietMS
		}
		z.waiting += pace.waiting(s.InFlight)
		z.best.offer(p.rng, i, float64(s.InFlight))
	}
}

// elsewhere is the nearest other zone with room. Where all are full, requests stay at home, if there is one left.
func (p *zoneAware) elsewhere() *zone {
	var nearest, first *zone
	for i := range p.zones {
		z := &p.zones[i]
		switch {
		case z.room() && (nearest == nil || z.quietMS < nearest.quietMS):
			nearest = z
		case z.servers > 0 && first == nil:
			first = z
		}
	}
	switch {
	case nearest != nil:
		return nearest
	case first != nil:
		return first
	}
	return &p.zones[0]
}

// waiting is how many of n requests at the server do not get on.
func (s *pace) waiting(n int) float64 {
	if s.answers < zoneEarly || s.meanMS == 0 {
		return 0
	}
	return float64(n) * (1 - s.quietMS/s.meanMS)
}

// Done learns how fast the server answers.
func (p *zoneAware) Done(t Token, o Outcome) {
	if t.Server < 0 || t.Server >= len(p.paces) || !o.Measured() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paces[t.Server].learn(o.Now, max(0, o.Latency.Seconds()*1000))
}

func (s *pace) learn(now time.Duration, ms float64) {
	s.answers++
	s.meanMS += max(zoneStep, 1/float64(s.answers)) * (ms - s.meanMS)
	if s.answers <= zoneEarly { // few answers have an extreme mean
		s.quietMS = s.meanMS
	}
	s.quietMS = min(s.meanMS, s.quietMS*math.Exp2(max(0, now-s.at).Seconds()/zoneForget.Seconds()))
	s.at = max(s.at, now)
}
