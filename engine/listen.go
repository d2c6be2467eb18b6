package engine

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"

	"slbtui/engine/config"
	"slbtui/engine/front"
)

func (e *Engine) listen() error {
	if err := e.simulated.listen(e.cfg, e.opts.Seed); err != nil {
		return err
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
		return busy(e.cfg, "load_balancer.port", lb.Host, lb.Port, err)
	}
	e.listener = l
	return nil
}

func busy(cfg config.Config, key, host string, port int, err error) error {
	where := key
	if name, line, ok := cfg.Origin(key); ok {
		where = fmt.Sprintf("%s:%d: %s", name, line, key)
	}
	return fmt.Errorf("%s: cannot listen on port %d of %s: %w; free the port, or set another (0 takes a free one)", where, port, host, err)
}

// closeListeners gives back what listen opened.
func (e *Engine) closeListeners() {
	if e.listener != nil {
		_ = e.listener.Close() // nothing was accepted yet
	}
	e.simulated.close()
}
