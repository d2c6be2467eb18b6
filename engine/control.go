package engine

import (
	"context"
	"errors"
	"fmt"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
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
	b := e.current.balancer()
	switch c := order.(type) {
	case live.SetPolicy:
		return b.setPolicy(c.Name)
	case planned:
		return b.nextPhase(c.policy)
	case live.ToggleRL:
		return b.toggleRL()
	case live.SetLearner:
		return b.setLearner(c.Name)
	case live.SetParam:
		return b.setParam(c)
	case live.ResetLearner:
		return b.resetLearner(c.Name)
	case live.SetShadow:
		return e.setShadow(c.Learners)
	case live.SaveTable:
		return b.saveTable(c)
	case live.LoadTable:
		return b.loadTable(c)
	case live.Others:
		return e.hear(c)
	case live.DrainServer:
		err := b.pool.Drain(c.Server, c.Drain)
		if err == nil {
			e.desk.drains.note(c, e.journal.Now())
		}
		return err
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
	case live.AskWhatIf:
		return e.desk.ask(b)
	case live.AskLookBack:
		return e.desk.askBack(b)
	case reconfiguration:
		return e.reconfigure(c.config)
	case muster:
		var err error
		*c.leaving, err = e.roster.muster(c.found)
		return err
	case live.RefreshCertificate:
		return e.frontend.refresh()
	case live.Note:
		e.journal.Event(c.Kind, c.Text)
		return nil
	default:
		return fmt.Errorf("unknown command %T", order)
	}
}

func (e *Engine) export() error {
	if e.opts.Export == nil && e.opts.ServeOnly {
		return errors.New("no run summary is written here: slbtui serve keeps an access log and metrics instead")
	}
	if e.opts.Export == nil {
		return errors.New("export is switched off (--no-export)")
	}
	folder, err := e.opts.Export(e.Summary())
	if err != nil {
		return err
	}
	e.journal.Event(metrics.EventEngine, "exported: "+folder)
	return nil
}
