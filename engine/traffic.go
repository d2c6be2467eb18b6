package engine

import (
	"context"
	"fmt"
	"time"

	"slbtui/loadgen"
)

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
	load, err := loadgen.New(cfg)
	if err != nil {
		return fmt.Errorf("traffic: %w", err)
	}
	e.load = load
	return nil
}

// answered is called by the load generator once for each request: what a client saw.
func (e *Engine) answered(r loadgen.Result) {
	if r.Cancelled {
		return
	}
	e.recorder.Request(r.Tag, r.Server, r.Latency(), r.Failed())
}

func (e *Engine) runLoad(ctx context.Context) error {
	if err := e.load.Run(ctx); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return nil
	}
	e.event("load", "", "load finished: its duration is over")
	return errFinished
}
