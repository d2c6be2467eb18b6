package engine

import (
	"fmt"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/play"
	"slbtui/engine/simulate"
	"slbtui/loadgen"
)

// stageOf is the engine as far as a scenario can touch it: the play.Stage, for the control goroutine.
type stageOf struct{ *Engine }

func (s stageOf) Now() time.Duration              { return s.journal.Now() }
func (s stageOf) Rate() float64                   { return s.load.Stats().Rate }
func (s stageOf) SetRate(rate float64) error      { return s.setRate(rate) }
func (s stageOf) SetShape(to loadgen.Shape) error { return s.load.SetShape(to) }
func (s stageOf) SetFault(c live.SetFault) error  { return s.setFault(c) }
func (s stageOf) ClearFaults(server string) error { return s.clearFaults(server) }
func (s stageOf) Event(kind, text string)         { s.journal.Event(kind, text) }
func (s stageOf) Faults() [][]fault.Span {
	out := make([][]fault.Span, len(s.backends))
	for i, b := range s.backends {
		if b != nil {
			out[i] = b.Faults()
		}
	}
	return out
}

// playable is what this run can play.
func (e *Engine) playable() play.Limits {
	return play.Limits{Servers: e.cfg.Servers, Loaded: e.load != nil, MaxRate: maxRate}
}

func (e *Engine) playScenario(name string) error {
	sc, err := simulate.Lookup(name)
	if err == nil {
		sc, err = e.playable().Fit(sc)
	}
	if err != nil {
		return err
	}
	switch load := e.load.Stats(); {
	case load.Finished:
		return fmt.Errorf("%s: the load has finished", name)
	case load.Paused:
		return fmt.Errorf("%s: the load is paused; resume it first", name)
	}
	e.player.Play(sc)
	return nil
}

// checkFaults fails on the first planned fault that cannot be injected.
func (e *Engine) checkFaults() error {
	for i, f := range e.opts.Faults {
		if _, err := e.simulated(f.Server); err != nil {
			return fmt.Errorf("planned fault %d: %w", i+1, err)
		}
		if err := (fault.Span{Fault: f.Fault, For: f.For}).Check(); err != nil {
			return fmt.Errorf("planned fault %d: %s: %w", i+1, f.Server, err)
		}
	}
	return nil
}
