package steer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"slbtui/engine/metrics"
	"slbtui/engine/steer/haproxy"
	"slbtui/routing/policy/weights"
)

const (
	lookEvery = 500 * time.Millisecond // at HAProxy: a reload is answered within it
	putBackIn = 3 * time.Second        // all of it: HAProxy may be gone
	leastMax  = 2                      // the smallest maxconn that is set
)

// wish is what a server is to have.
type wish struct {
	weights.Weight
	maxConn int // 0: nothing is known
}

// hand is what reaches into a HAProxy by its socket: it looks how things are there and, where it may, changes them. Its
// goroutine is that of Run; the rest is safe for concurrent use.
type hand struct {
	api      haproxy.API
	backend  string
	apply    Means // BySocket: weights are set here
	maxConns bool
	guard    Guard
	tell     func(metrics.EventKind, string, string)
	found    func([]haproxy.Server)
	urgent   chan struct{}

	mu      sync.Mutex
	wishes  map[string]wish
	process haproxy.Process
	servers []haproxy.Server
	problem string

	// Of Run alone.
	first map[string]haproxy.Server // what was there before anything was changed
	set   map[string]haproxy.Server // what was set last
	told  map[string]bool           // problems that an event has told of
	last  map[string]int            // weight above 0 that a server had last
}

func (h *hand) prepare() {
	h.urgent = make(chan struct{}, 1)
	h.first, h.set, h.told, h.last = map[string]haproxy.Server{}, map[string]haproxy.Server{}, map[string]bool{}, map[string]int{}
}

// Meet looks at HAProxy for the first time. With BySocket it finds out whether weights may be set, by setting one to
// what it is.
func (h *hand) Meet(ctx context.Context) error {
	if err := h.look(ctx); err != nil {
		return err
	}
	if h.apply == ByAgent {
		for _, s := range h.servers {
			if s.Initial < leastInitial {
				return fmt.Errorf("server %s of backend %s has weight %d in HAProxy's configuration: an agent answers in per cent of it, and it would often be 0; give each server weight 100", s.Name, h.backend, s.Initial)
			}
		}
	}
	if h.apply != ReadOnly {
		if err := h.api.CheckBalance(ctx, h.backend); err != nil {
			return err
		}
	}
	if h.apply != BySocket {
		return nil
	}
	s := h.servers[0]
	return h.api.SetWeight(ctx, h.backend, s.Name, s.Weight)
}

// Wish says what servers are to have, by name. now does not wait for the next look.
func (h *hand) Wish(wishes map[string]wish, urgent bool) {
	h.mu.Lock()
	h.wishes = wishes
	h.mu.Unlock()
	if urgent {
		select {
		case h.urgent <- struct{}{}:
		default:
		}
	}
}

// Seen is how HAProxy was at the last look.
func (h *hand) Seen() (haproxy.Process, []haproxy.Server, string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.process, h.servers, h.problem
}

// Run looks and sets until ctx ends, and then puts back what it has changed.
func (h *hand) Run(ctx context.Context) error {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return h.putBack(context.WithoutCancel(ctx))
		case <-ticker.C:
		case <-h.urgent:
		}
		err := h.look(ctx)
		if err == nil && h.apply == BySocket {
			err = h.obey(ctx)
		}
		if ctx.Err() == nil {
			h.report(err)
		}
	}
}

// report tells of what goes wrong once, and that it is well again.
func (h *hand) report(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	h.mu.Lock()
	before := h.problem
	h.problem = text
	h.mu.Unlock()
	switch {
	case text == "" && before != "":
		h.told = map[string]bool{}
		h.tell(metrics.EventSteer, "", "HAProxy answers again")
	case text != "" && !h.told[text] && len(h.told) < 100:
		h.told[text] = true
		if !errors.Is(err, errNoGuard) {
			text += "; weights stay as they are"
		}
		h.tell(metrics.EventWarning, "", text)
	}
}

// look finds out how HAProxy and its servers are.
func (h *hand) look(ctx context.Context) error {
	process, err := h.api.Process(ctx)
	if err != nil {
		return err
	}
	servers, err := h.api.Servers(ctx, h.backend)
	if err != nil {
		return err
	}
	h.mu.Lock()
	before := h.process
	h.process, h.servers = process, servers
	h.mu.Unlock()
	if before.PID != 0 && (before.PID != process.PID || process.Uptime < before.Uptime) {
		h.tell(metrics.EventSteer, "", fmt.Sprintf("HAProxy was reloaded: process %d follows %d, with the weights of its configuration", process.PID, before.PID))
		h.restarted(servers)
	}
	for _, s := range servers {
		if _, known := h.first[s.Name]; !known {
			h.first[s.Name] = s
		}
	}
	h.found(servers)
	return nil
}

// restarted takes what a new process has for what is to be put back, unless it has taken over what was set here.
func (h *hand) restarted(servers []haproxy.Server) {
	for _, s := range servers {
		if set, changed := h.set[s.Name]; !changed || set.Weight != s.Weight || set.MaxConn != s.MaxConn {
			h.first[s.Name] = s
		}
	}
}

// obey sets what servers are to have and have not.
func (h *hand) obey(ctx context.Context) error {
	h.mu.Lock()
	wishes, servers := h.wishes, h.servers
	h.mu.Unlock()
	want, drained := map[string]int{}, map[string]int{}
	for _, s := range servers {
		w, known := wishes[s.Name]
		if !known {
			continue
		}
		want[s.Name] = w.Value
		if w.Reason == weights.Learning {
			want[s.Name] = h.first[s.Name].Weight
		}
		if w.Reason == weights.Fails {
			drained[s.Name] = max(h.last[s.Name], weights.Floor)
		}
		if s.Weight > 0 {
			h.last[s.Name] = s.Weight
		}
	}
	err := h.guard.Promise(Will{Socket: h.api.String(), Backend: h.backend, Lift: drained})
	if err != nil { // nobody would lift them
		for name := range drained {
			want[name] = 1
		}
	}
	for _, s := range servers {
		if weight, ok := want[s.Name]; ok && weight != s.Weight {
			if e := h.api.SetWeight(ctx, h.backend, s.Name, weight); e != nil {
				err = errors.Join(err, e)
				break
			}
			h.changed(s.Name, func(to *haproxy.Server) { to.Weight = weight })
		}
		most := wishes[s.Name].maxConn
		if h.maxConns && most > 0 && most != s.MaxConn {
			if e := h.api.SetMaxConn(ctx, h.backend, s.Name, most); e != nil {
				err = errors.Join(err, e)
				break
			}
			h.changed(s.Name, func(to *haproxy.Server) { to.MaxConn = most })
		}
	}
	return err
}

func (h *hand) changed(name string, change func(*haproxy.Server)) {
	set, ok := h.set[name]
	if !ok {
		set = h.first[name]
	}
	change(&set)
	h.set[name] = set
	h.mu.Lock()
	defer h.mu.Unlock()
	h.servers = slices.Clone(h.servers) // a picture may hold the old ones
	for i := range h.servers {
		if h.servers[i].Name == name {
			change(&h.servers[i])
		}
	}
}

// putBack gives every server that was changed what it had.
func (h *hand) putBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, putBackIn)
	defer cancel()
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(h.set)) {
		first, set := h.first[name], h.set[name]
		err := error(nil)
		if set.Weight != first.Weight {
			err = h.api.SetWeight(ctx, h.backend, name, first.Weight)
		}
		if err == nil && set.MaxConn != first.MaxConn {
			err = h.api.SetMaxConn(ctx, h.backend, name, first.MaxConn)
		}
		if err != nil {
			problems = append(problems, err.Error())
			break // HAProxy is gone, and what was set with it; or it refuses them all
		}
	}
	if len(h.set) > 0 && len(problems) == 0 {
		h.tell(metrics.EventSteer, "", fmt.Sprintf("put back what %d servers had", len(h.set)))
	}
	h.guard.Release()
	if len(problems) > 0 {
		return errors.New("put back weights: " + strings.Join(problems, "; "))
	}
	return nil
}

// maxConnOf is the limit that the learned slots make, 0 where they are not known.
func maxConnOf(w weights.Weight) int {
	if w.Reason == weights.Learning || w.Reason == weights.Unknown || math.IsInf(w.Slots, 1) || !(w.Slots > 0) {
		return 0
	}
	return max(leastMax, int(math.Ceil(w.Slots)))
}
