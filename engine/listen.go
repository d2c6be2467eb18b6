package engine

import (
	"fmt"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/play"
)

// Listen opens every socket of the run, so that a taken port is known before a screen is drawn. A
// built-in port that is taken is replaced by a free one; a port of the user's own is an error.
// After an error the sockets that were opened are closed.
func (e *Engine) Listen() error {
	cfg := e.current.balancer().cfg
	err := e.simulated.listen(cfg)
	if err == nil {
		err = e.frontend.listen(cfg, e.opts.Listen)
	}
	if err == nil {
		err = e.connect()
	}
	if err != nil {
		e.closeListeners()
	}
	return err
}

// connect builds what stands between the clients and the servers, whose addresses are known now.
func (e *Engine) connect() error {
	first := e.current.balancer()
	b, err := e.assembly.assemble(first.cfg, first.policies, nil)
	if err != nil {
		return err
	}
	e.current.replace(b, func() { e.frontend.lead(b.handler, b.cfg.LoadBalancer) })
	if !e.opts.ServeOnly {
		if e.load, err = newLoad(b.cfg.Traffic, e.Addr(), e.opts.Seed, e.opts.began(b.cfg), e.journal, e.recorder); err != nil {
			return err
		}
		e.load.recorded = e.opts.Replay != nil
	}
	e.player = play.NewPlayer(theatre{e.journal, e.load, e.simulated}, play.Limits{Servers: b.cfg.Servers, Loaded: e.load != nil, Replayed: e.opts.Replay != nil, MaxRate: live.MaxRate})
	e.desk = &desk{
		seed: e.opts.Seed, journal: e.journal, recorder: e.recorder, load: e.load, player: e.player,
		simulated: e.simulated, ring: e.ring, tasks: make(chan task, 2),
	}
	e.sampler = newSampler(e.opts, e.frontend, e.journal, e.recorder, e.load, e.player, e.desk, e.roster.followed())
	return nil
}

// Addr is the address the proxy listens on, known after Listen.
func (e *Engine) Addr() string { return e.frontend.addr() }

// closeListeners gives back what Listen opened.
func (e *Engine) closeListeners() {
	if l := e.frontend.listener; l != nil {
		_ = l.Close() // nothing was accepted yet
	}
	e.simulated.close()
}

// busy says which key of the configuration names an address that cannot be listened on.
func busy(cfg config.Config, key, host string, port int, err error) error {
	where := key
	if name, line, ok := cfg.Origin(key); ok {
		where = fmt.Sprintf("%s:%d: %s", name, line, key)
	}
	return fmt.Errorf("%s: cannot listen on port %d of %s: %w; free the port, or set another (0 takes a free one)", where, port, host, err)
}
