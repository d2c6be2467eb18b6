package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"

	"slbtui/backends"
	"slbtui/engine/front"
)

func (e *Engine) listen() error {
	for i, b := range e.backends {
		if b == nil {
			continue
		}
		if err := e.listenBackend(i); err != nil {
			return err
		}
	}
	if t := e.cfg.LoadBalancer.TLS; t.On() {
		var err error
		if e.cert, err = front.LoadCertificate(t); err != nil {
			return err
		}
	}
	if err := e.listenProxy(); err != nil {
		return err
	}
	return e.connect()
}

func (e *Engine) listenBackend(i int) error {
	s := e.cfg.Servers[i]
	key := fmt.Sprintf("servers[%d].port", i)
	err := e.backends[i].Listen()
	if err == nil {
		return nil
	}
	if !errors.Is(err, syscall.EADDRINUSE) || !e.cfg.BuiltIn(key) {
		return e.busy(key, s.Host, s.Port, err)
	}
	free, err := backends.New(backends.Config{
		ID: s.ID, Host: s.Host, BaseDelayMS: s.BaseDelayMS, Workers: s.Workers, Sigma: s.Sigma, Seed: derive(e.opts.Seed, s.ID),
	})
	if err != nil {
		return err
	}
	if err := free.Listen(); err != nil {
		return e.busy(key, s.Host, 0, err)
	}
	e.backends[i] = free
	e.journal.eventAt("warning", s.ID, fmt.Sprintf("port %d is taken: %s listens on %s", s.Port, s.ID, free.Addr()))
	return nil
}

func (e *Engine) listenProxy() error {
	lb := e.cfg.LoadBalancer
	address := net.JoinHostPort(lb.Host, strconv.Itoa(lb.Port))
	if e.opts.Listen != "" {
		l, err := net.Listen("tcp", e.opts.Listen)
		if err != nil {
			return fmt.Errorf("--listen %s: %w; free the port or choose another", e.opts.Listen, err)
		}
		e.listener = l
		return nil
	}
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) && e.cfg.BuiltIn("load_balancer.port") {
		l, err = net.Listen("tcp", net.JoinHostPort(lb.Host, "0"))
		if err == nil {
			e.journal.Event("warning", fmt.Sprintf("port %d is taken: the balancer listens on %s", lb.Port, l.Addr()))
		}
	}
	if err != nil {
		return e.busy("load_balancer.port", lb.Host, lb.Port, err)
	}
	e.listener = l
	return nil
}

func (e *Engine) busy(key, host string, port int, err error) error {
	where := key
	if name, line, ok := e.cfg.Origin(key); ok {
		where = fmt.Sprintf("%s:%d: %s", name, line, key)
	}
	return fmt.Errorf("%s: cannot listen on port %d of %s: %w; free the port, or set another (0 takes a free one)", where, port, host, err)
}

// closeListeners gives back what listen opened.
func (e *Engine) closeListeners() {
	if e.listener != nil {
		_ = e.listener.Close() // nothing was accepted yet
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, b := range e.backends {
		if b != nil {
			_ = b.Serve(ended) // serving for no time at all closes the listener
		}
	}
}
