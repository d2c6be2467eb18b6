package engine

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"time"

	"slbtui/engine/stage"
	"slbtui/loadgen"
	"slbtui/routing/http1"
)

// clientIdleTimeout closes connections that a lower rate left over.
const clientIdleTimeout = 15 * time.Second

func (e *Engine) newLoad() error {
	t := e.cfg.Traffic
	target := t.TargetURL
	if target == "" {
		target = "http://" + e.Addr() + "/"
	}
	cfg := loadgen.Config{
		URL: target, Rate: t.RequestRate, Arrivals: t.Arrivals,
		Duration:    time.Duration(t.DurationSeconds * float64(time.Second)),
		MaxInFlight: t.MaxInFlight, Timeout: t.Timeout, Seed: derive(e.opts.Seed, "load"),
		OnSend:   func(uint64) int { return int(e.phase.Load()) },
		OnResult: e.answered,
	}
	if e.opts.Load != nil {
		e.opts.Load(&cfg)
	}
	if cfg.Transport == nil {
		e.clients = newClients(cfg)
		cfg.Transport = e.clients
	}
	load, err := loadgen.New(cfg)
	if err != nil {
		return fmt.Errorf("traffic: %w", err)
	}
	e.load = load
	return nil
}

// newClients is the client's half of the load: it shares the machine with what it measures, so
// plain requests go the short way.
func newClients(cfg loadgen.Config) *http1.RoundTripper {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		u = &url.URL{} // the generator says what is wrong with it
	}
	addr := net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "80"))
	dialer := net.Dialer{Timeout: cfg.Timeout}
	return &http1.RoundTripper{
		Transport: http1.New(http1.Config{
			Dial:        func(ctx context.Context) (net.Conn, error) { return dialer.DialContext(ctx, "tcp", addr) },
			IdleTimeout: clientIdleTimeout, MaxIdle: max(cfg.MaxInFlight, cfg.Users),
		}),
		Addr:  u.Host,
		Other: loadgen.NewTransport(cfg),
	}
}

// answered is called by the load generator once for each request: what a client saw.
func (e *Engine) answered(r loadgen.Result) {
	if r.Cancelled {
		return
	}
	e.recorder.Request(r.Tag, r.Server, r.Latency(), r.Failed())
}

func (e *Engine) runLoad(ctx context.Context) error {
	if e.clients != nil {
		defer e.clients.CloseIdleConnections()
	}
	if err := e.load.Run(ctx); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return nil
	}
	e.journal.Event("load", "load finished: its duration is over")
	return stage.ErrFinished
}
