package engine

import (
	"context"
	"errors"
	"fmt"

	"slbtui/engine/live"
	"slbtui/routing/policy"
)

// ErrStopped is what Do returns when the run is over.
var ErrStopped = errors.New("the engine has stopped")

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
		case <-e.simulated.ends.Due():
			e.simulated.tellOver()
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
		return e.load.SetRate(c.Rate)
	case live.SetPaused:
		return e.load.obey(c)
	case live.SetFault:
		return e.simulated.SetFault(c)
	case live.ClearFaults:
		return e.simulated.ClearFaults(c.Server)
	case live.PlayScenario:
		return e.player.Play(c.Name)
	case live.StopScenario:
		return e.player.Stop()
	case live.DrainServer:
		return e.pool.Drain(c.Server, c.Drain)
	case live.AskWhatIf:
		return e.askWhatIf()
	case reconfiguration:
		return e.reconfigure(c.config)
	case live.RefreshCertificate:
		return e.frontend.refresh()
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
	e.recorder.StartPhase(e.journal.Now(), p.Name(), learner, policy.Updates(p))
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
