package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"

	"slbtui/backends"
	"slbtui/backends/fault"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/play"
)

// simulated is those servers of the configuration that are the run's own, and what they suffer. It is the
// control goroutine's.
type simulated struct {
	journal *journal
	servers []config.Server // of the moment, those that run elsewhere too
	config  func(config.Server) backends.Config
	ours    map[string]*backends.Server
	ends    *play.Ends
}

// newSimulated makes the servers that have no url.
func newSimulated(servers []config.Server, opts Options, j *journal) (*simulated, error) {
	w := &simulated{journal: j, servers: servers, config: opts.backendConfig, ours: map[string]*backends.Server{}, ends: play.NewEnds()}
	for i, s := range servers {
		if s.URL != "" {
			continue
		}
		b, err := backends.New(w.config(s))
		if err != nil {
			return nil, fmt.Errorf("servers[%d] %s: %w", i, s.ID, err)
		}
		w.ours[s.ID] = b
	}
	return w, nil
}

// backendConfig says what a simulated server is to be.
func (o Options) backendConfig(s config.Server) backends.Config {
	cfg := backends.Config{
		ID: s.ID, Host: s.Host, Port: s.Port, BaseDelayMS: s.BaseDelayMS,
		Workers: s.Workers, Sigma: s.Sigma, Seed: derive(o.Seed, s.ID),
	}
	if o.Backend != nil {
		o.Backend(&cfg)
	}
	return cfg
}

// listen opens the servers' sockets. A built-in port that is taken is replaced by a free one.
func (w *simulated) listen(cfg config.Config) error {
	for i, s := range w.servers {
		if w.ours[s.ID] == nil {
			continue
		}
		key := fmt.Sprintf("servers[%d].port", i)
		err := w.ours[s.ID].Listen()
		if errors.Is(err, syscall.EADDRINUSE) && cfg.BuiltIn(key) {
			taken := s.Port
			s.Port = 0
			free, err2 := backends.New(w.config(s))
			if err2 != nil {
				return err2
			}
			if err = free.Listen(); err == nil {
				w.ours[s.ID] = free
				w.journal.eventAt(metrics.EventWarning, s.ID, fmt.Sprintf("port %d is taken: %s listens on %s", taken, s.ID, free.Addr()))
			}
		}
		if err != nil {
			return busy(cfg, key, s.Host, s.Port, err)
		}
	}
	return nil
}

// close gives back what listen opened.
func (w *simulated) close() {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, b := range w.ours {
		_ = b.Serve(ended) // serving for no time at all closes the listener
	}
}

// among finds ours among servers, by index; nil where one runs elsewhere.
func (w *simulated) among(servers []config.Server) []*backends.Server {
	out := make([]*backends.Server, len(servers))
	for i, s := range servers {
		if s.URL == "" {
			out[i] = w.ours[s.ID]
		}
	}
	return out
}

func (w *simulated) find(id string) (*backends.Server, error) {
	for i, b := range w.among(w.servers) {
		if w.servers[i].ID != id {
			continue
		}
		if b == nil {
			return nil, fmt.Errorf("%s is not simulated: faults can only be injected into servers of this program", id)
		}
		return b, nil
	}
	return nil, fmt.Errorf("unknown server %q", id)
}

// check fails on the first planned fault that cannot be injected.
func (w *simulated) check(planned []play.Fault) error {
	for i, f := range planned {
		if _, err := w.find(f.Server); err != nil {
			return fmt.Errorf("planned fault %d: %w", i+1, err)
		}
		if err := (fault.Span{Fault: f.Fault, For: f.For}).Check(); err != nil {
			return fmt.Errorf("planned fault %d: %s: %w", i+1, f.Server, err)
		}
	}
	return nil
}

// Faults is what each server suffers now, one kind at a time; nil for one that is not ours.
func (w *simulated) Faults() [][]fault.Span {
	out := make([][]fault.Span, len(w.servers))
	for i, b := range w.among(w.servers) {
		if b != nil {
			out[i] = b.Faults()
		}
	}
	return out
}

// SetFault injects a fault.
func (w *simulated) SetFault(c live.SetFault) error {
	b, err := w.find(c.Server)
	if err != nil {
		return err
	}
	f := fault.Span{Fault: c.Fault, For: c.For}
	if err := f.Check(); err != nil {
		return fmt.Errorf("%s: %w", c.Server, err)
	}
	if f.For == 0 && slices.Contains(b.Faults(), f) {
		return nil
	}
	b.SetFault(f)
	text := c.Server + ": " + c.Fault.String()
	if c.For > 0 {
		text += " for " + c.For.String()
	}
	w.journal.fault(c.Server, text, f)
	w.ends.Expect(c.Server, f)
	return nil
}

// ClearFaults heals a server, or ("") all.
func (w *simulated) ClearFaults(id string) error {
	if id != "" {
		b, err := w.find(id)
		if err != nil {
			return err
		}
		if len(b.Faults()) == 0 {
			return nil
		}
		b.ClearFaults()
		w.ends.Forget(id)
		w.journal.fault(id, id+": faults cleared", fault.Span{})
		return nil
	}
	if !slices.ContainsFunc(w.Faults(), func(f []fault.Span) bool { return len(f) > 0 }) {
		return nil
	}
	for _, b := range w.ours {
		b.ClearFaults()
	}
	w.ends.Forget("")
	w.journal.fault("", "all faults cleared", fault.Span{})
	return nil
}

// tellOver tells of the faults that have ended by themselves.
func (w *simulated) tellOver() {
	for _, x := range w.ends.Over() {
		w.journal.eventAt(metrics.EventFault, x.Server, x.Server+": "+x.Fault.String()+" is over")
	}
}
