package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"slbtui/engine/config"
	"slbtui/engine/discovery"
	"slbtui/engine/discovery/dns"
	"slbtui/engine/discovery/file"
	"slbtui/engine/discovery/kubernetes"
	"slbtui/engine/metrics"
	"slbtui/routing/policy"
)

const (
	foundPatience = 5 * time.Second  // that clients wait at the start for servers to be found
	remembered    = 10 * time.Minute // what was learned of a server that is gone
	maxRemembered = 1000             // servers
)

// sourceOf is where a configuration has servers found, nil where it names them.
func sourceOf(d config.Discovery) (discovery.Source, error) {
	switch {
	case d.DNS.Name != "":
		return dns.New(d.DNS), nil
	case d.File != "":
		return file.New(d.File), nil
	case d.Kubernetes.Service != "":
		return kubernetes.New(d.Kubernetes)
	}
	return nil, nil
}

// roster is the servers that were found. Its parts are the control goroutine's, but for the follower.
type roster struct {
	engine   *Engine
	follower *discovery.Follower
	gone     map[string]gone // by id
}

// gone is a server that may come back.
type gone struct {
	knew    policy.Memory
	drained bool          // by order, which stands
	until   time.Duration // since the run began
}

// newRoster follows the source of a configuration; nil where it has none.
func newRoster(e *Engine, d config.Discovery) (*roster, error) {
	source, err := sourceOf(d)
	if source == nil || err != nil {
		return nil, err
	}
	r := &roster{engine: e, gone: map[string]gone{}}
	r.follower = discovery.NewFollower(source, r)
	return r, nil
}

// followed is the roster's follower, nil where there is no roster.
func (r *roster) followed() *discovery.Follower {
	if r == nil {
		return nil
	}
	return r.follower
}

// await waits for the first servers to be found, but not for ever: without any, requests are refused.
func (r *roster) await(ctx context.Context) {
	if r == nil {
		return
	}
	timer := time.NewTimer(foundPatience)
	defer timer.Stop()
	select {
	case <-r.follower.Found():
	case <-timer.C:
	case <-ctx.Done():
	}
}

// muster is the order to make these the servers.
type muster struct {
	found   []discovery.Server
	leaving *bool // set before the answer
}

// Use implements discovery.User.
func (r *roster) Use(ctx context.Context, found []discovery.Server) (bool, error) {
	leaving := false
	err := r.engine.order(ctx, muster{found, &leaving})
	return leaving, err
}

// Lost implements discovery.User.
func (r *roster) Lost(problem string) {
	text := "none is known yet"
	if n := len(r.engine.current.balancer().cfg.Servers); n > 0 {
		text = fmt.Sprintf("the %d of before stay", n)
	}
	r.engine.journal.Event(metrics.EventWarning, "servers are not found: "+problem+"; "+text)
}

// Regained implements discovery.User.
func (r *roster) Regained() {
	r.engine.journal.Event(metrics.EventServers, "servers are found again: "+r.follower.State().Source)
}

// muster makes those found the servers. One that is no more, or about to end, takes no new requests, and stays
// until those it has are done; then it is forgotten, but what was learned of it for a while.
func (r *roster) muster(found []discovery.Server) (leaving bool, err error) {
	e := r.engine
	old := e.current.balancer()
	servers := next(old, found)
	leaving = slices.ContainsFunc(servers, func(s config.Server) bool { return s.Leaving })
	if slices.Equal(servers, old.cfg.Servers) {
		return leaving, nil
	}
	cfg := old.cfg
	cfg.Servers = servers
	if err := cfg.Validate(); err != nil {
		return false, err
	}
	policies, losses, err := old.policies.Next(policyOptions(cfg, e.opts.Seed, e.journal))
	if err != nil {
		return false, err
	}
	drained := r.remember(old, cfg, policies)
	b, err := e.takeOver(old, cfg, policies)
	if err != nil {
		return false, err
	}
	for _, id := range drained {
		_ = b.pool.Drain(id, true) // it is there
	}
	r.tell(old.cfg.Servers, servers)
	for _, text := range losses {
		if name, _, _ := strings.Cut(text, " "); name == b.router.Policy().Name() { // the others learn in shadow, if at all
			e.journal.Event(metrics.EventWarning, text)
		}
	}
	return leaving, nil
}

// next are the servers after those of old: those that stay in their order, then those that come.
func next(old *balancer, found []discovery.Server) (servers []config.Server) {
	wanted := make(map[string]discovery.Server, len(found))
	for _, f := range found {
		wanted[f.Address] = f
	}
	status := old.pool.Status()
	for i, s := range old.cfg.Servers {
		f, stays := wanted[s.ID]
		delete(wanted, s.ID)
		switch {
		case stays && !f.Leaving:
			servers = append(servers, config.Server{ID: s.ID, URL: f.URL, Weight: f.Weight, Zone: f.Zone})
		case status[i].InFlight > 0:
			s.Leaving = true
			servers = append(servers, s)
		}
	}
	for _, f := range found {
		if _, comes := wanted[f.Address]; comes && !f.Leaving {
			servers = append(servers, config.Server{ID: f.Address, URL: f.URL, Weight: f.Weight, Zone: f.Zone})
		}
	}
	return servers
}

// remember keeps what was learned of servers that go, and gives it to those that come back in time. It returns
// those of them that were drained by order.
func (r *roster) remember(old *balancer, cfg config.Config, policies *policy.Set) (drained []string) {
	now := r.engine.journal.Now()
	ids, before := cfg.ServerIDs(), old.cfg.ServerIDs()
	knew := old.policies.Memory()
	maps.DeleteFunc(r.gone, func(_ string, g gone) bool { return g.until < now }) // first: they make room
	for i, u := range old.pool.Status() {
		if id := before[i]; !slices.Contains(ids, id) && len(r.gone) < maxRemembered {
			r.gone[id] = gone{knew, u.Draining, now + remembered}
		}
	}
	for id, g := range r.gone {
		if slices.Contains(ids, id) {
			policies.Recall(g.knew, id)
			if g.drained {
				drained = append(drained, id)
			}
			delete(r.gone, id)
		}
	}
	return drained
}

// tell says who has come and who goes.
func (r *roster) tell(before, now []config.Server) {
	find := func(list []config.Server, id string) *config.Server {
		if i := slices.IndexFunc(list, func(s config.Server) bool { return s.ID == id }); i >= 0 {
			return &list[i]
		}
		return nil
	}
	say := func(id, text string) { r.engine.journal.eventAt(metrics.EventServers, id, id+" "+text) }
	for _, s := range now {
		switch was := find(before, s.ID); {
		case was == nil:
			say(s.ID, "is new")
		case was.Leaving && !s.Leaving:
			say(s.ID, "is back")
		case s.Leaving && !was.Leaving:
			say(s.ID, "leaves: no new requests, those in flight finish")
		}
	}
	for _, s := range before {
		if find(now, s.ID) == nil {
			say(s.ID, "is gone")
		}
	}
}
