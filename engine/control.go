package engine

import (
	"context"
	"errors"
	"fmt"
	"math"

	"slbtui/backends"
	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/routing/policy"
)

// ErrStopped is what Do returns when the run is over.
var ErrStopped = errors.New("the engine has stopped")

const maxRate = 100_000 // requests/s; a screen's typing error must not take the machine down

// envelope carries an order to the control goroutine: a Command, or one of the engine's own.
type envelope struct {
	order any
	reply chan error
}

// planned is the plan's own order: it begins a new phase even if its policy already routes.
type planned struct{ policy string }

// Do carries out a command and returns when it is in force. It fails with a reason a person can
// read, with ctx's error, or with ErrStopped.
func (e *Engine) Do(ctx context.Context, cmd live.Command) error {
	if _, ok := cmd.(live.Export); ok {
		return e.export() // by the caller: drawing plots must not keep other commands waiting
	}
	return e.order(ctx, cmd)
}

// order hands an order to the control goroutine and waits for the answer.
func (e *Engine) order(ctx context.Context, order any) error {
	env := envelope{order: order, reply: make(chan error, 1)}
	select {
	case e.commands <- env:
	case <-ctx.Done():
		return ctx.Err()
	case <-e.done:
		return ErrStopped
	}
	select {
	case err := <-env.reply:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// runControl is the one goroutine that changes a running engine.
func (e *Engine) runControl(ctx context.Context) error {
	for {
		select {
		case <-e.ends.Due():
			for _, x := range e.ends.Over() {
				e.journal.eventAt("fault", x.Server, x.Server+": "+x.Fault.String()+" is over")
			}
			e.sample()
		case <-e.player.Due():
			e.player.Advance()
			e.sample()
		case env := <-e.commands:
			err := e.carryOut(env.order)
			e.sample() // before the answer: what was acknowledged is on the next frame
			env.reply <- err
		case <-ctx.Done():
			return nil
		}
	}
}

func (e *Engine) carryOut(order any) error {
	switch c := order.(type) {
	case live.SetPolicy:
		return e.setPolicy(c.Name, false)
	case planned:
		return e.setPolicy(c.policy, true)
	case live.ToggleRL:
		next := e.policies.Chosen()
		if e.learnerRoutes() {
			next = policy.Baseline
		}
		return e.setPolicy(next, false)
	case live.SetLearner:
		return e.setLearner(c.Name)
	case live.SetParam:
		return e.setParam(c)
	case live.ResetLearner:
		l, err := e.policies.Learner(c.Name)
		if err != nil {
			return err
		}
		l.Reset()
		e.journal.Event("param", c.Name+": table reset")
		return nil
	case live.SetRate:
		return e.setRate(c.Rate)
	case live.SetPaused:
		return e.setPaused(c.Paused)
	case live.SetFault:
		return e.setFault(c)
	case live.ClearFaults:
		return e.clearFaults(c.Server)
	case live.PlayScenario:
		return e.playScenario(c.Name)
	case live.StopScenario:
		return e.player.Stop()
	case live.DrainServer:
		return e.pool.Drain(c.Server, c.Drain)
	case live.AskWhatIf:
		return e.askWhatIf()
	case reconfiguration:
		return e.reconfigure(c.config)
	case live.RefreshCertificate:
		return e.refreshCertificate()
	default:
		return fmt.Errorf("unknown command %T", order)
	}
}

func (e *Engine) setPolicy(name string, always bool) error {
	p, err := e.policies.Get(name)
	if err != nil {
		return err
	}
	if p == e.router.Policy() && !always {
		return nil
	}
	from := e.router.Policy().Name()
	e.router.SetPolicy(p)
	e.startPhase(p)
	text := from + " → " + name
	if l, ok := p.(policy.Learner); ok && policy.Updates(p) == 0 && !e.router.Watches(l) {
		text += ", which starts cold: it did not learn in shadow"
	}
	e.journal.Event("policy", text)
	return nil
}

func (e *Engine) startPhase(p policy.Policy) {
	_, learner := p.(policy.Learner)
	e.phase.Store(int64(e.recorder.StartPhase(e.journal.Now(), p.Name(), learner, policy.Updates(p))))
	e.regret.Turn()
}

// learnerRoutes tells whether RL routes, be it the chosen learner or one that SetPolicy named.
func (e *Engine) learnerRoutes() bool {
	_, learner := e.router.Policy().(policy.Learner)
	return learner
}

func (e *Engine) setLearner(name string) error {
	routed := e.learnerRoutes()
	if err := e.policies.Choose(name); err != nil {
		return err
	}
	e.journal.Event("policy", "RL is now "+name)
	if routed {
		return e.setPolicy(name, false)
	}
	return nil
}

func (e *Engine) setParam(c live.SetParam) error {
	l, err := e.policies.Learner(c.Learner)
	if err != nil {
		return err
	}
	if err := l.SetParam(c.Param, c.Value); err != nil {
		return err
	}
	e.journal.Event("param", fmt.Sprintf("%s: %s = %.4g", c.Learner, c.Param, c.Value))
	return nil
}

func (e *Engine) setRate(rate float64) error {
	if e.load == nil {
		return errors.New("no built-in load in this run: traffic comes from elsewhere")
	}
	if math.IsNaN(rate) || rate <= 0 || rate > maxRate {
		return fmt.Errorf("rate %g: must be above 0 and at most %d requests/s", rate, maxRate)
	}
	if err := e.load.SetRate(rate); err != nil {
		return err
	}
	e.journal.Event("load", fmt.Sprintf("rate %.4g requests/s", rate))
	return nil
}

func (e *Engine) setPaused(paused bool) error {
	if e.load == nil {
		return errors.New("no built-in load in this run: traffic comes from elsewhere")
	}
	e.load.SetPaused(paused)
	word := "resumed"
	if paused {
		word = "paused"
	}
	e.journal.Event("load", "load "+word)
	return nil
}

func (e *Engine) simulated(id string) (*backends.Server, error) {
	for i, s := range e.cfg.Servers {
		if s.ID != id {
			continue
		}
		if e.backends[i] == nil {
			return nil, fmt.Errorf("%s is not simulated: faults can only be injected into servers of this program", id)
		}
		return e.backends[i], nil
	}
	return nil, fmt.Errorf("unknown server %q", id)
}

func (e *Engine) setFault(c live.SetFault) error {
	b, err := e.simulated(c.Server)
	if err != nil {
		return err
	}
	f := fault.Span{Fault: c.Fault, For: c.For}
	if err := f.Check(); err != nil {
		return fmt.Errorf("%s: %w", c.Server, err)
	}
	b.SetFault(f)
	text := c.Server + ": " + c.Fault.String()
	if c.For > 0 {
		text += " for " + c.For.String()
	}
	e.journal.fault(c.Server, text, f)
	e.ends.Expect(c.Server, f)
	return nil
}

func (e *Engine) clearFaults(id string) error {
	if id != "" {
		b, err := e.simulated(id)
		if err != nil {
			return err
		}
		b.ClearFaults()
		e.ends.Forget(id)
		e.journal.fault(id, id+": faults cleared", fault.Span{})
		return nil
	}
	for _, b := range e.backends {
		if b != nil {
			b.ClearFaults()
		}
	}
	e.ends.Forget("")
	e.journal.fault("", "all faults cleared", fault.Span{})
	return nil
}

func (e *Engine) export() error {
	if e.opts.Export == nil {
		return errors.New("export is switched off (--no-export)")
	}
	folder, err := e.opts.Export(e.Summary())
	if err != nil {
		return err
	}
	e.journal.Event("engine", "exported: "+folder)
	return nil
}
