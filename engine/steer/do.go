package steer

import (
	"context"
	"errors"
	"fmt"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// Do carries out what there is to do to somebody else's balancer: turn the learner, or make it forget. All else is
// refused with a reason.
func (e *Engine) Do(_ context.Context, cmd live.Command) error {
	learner := e.observer.Sight().learner
	mine := func(name string) error {
		if name != learner.Name() {
			return fmt.Errorf("%.60q does not learn here: %s does", name, learner.Name())
		}
		return nil
	}
	switch c := cmd.(type) {
	case live.SetParam:
		if err := mine(c.Learner); err != nil {
			return err
		}
		if err := learner.SetParam(c.Param, c.Value); err != nil {
			return err
		}
		e.event(metrics.EventParam, "", fmt.Sprintf("%s: %s = %g", c.Learner, c.Param, c.Value))
		return nil
	case live.ResetLearner:
		if err := mine(c.Name); err != nil {
			return err
		}
		learner.Reset()
		e.event(metrics.EventParam, "", c.Name+" has forgotten all")
		return nil
	case live.SetLearner:
		return mine(c.Name)
	case live.SetPolicy, live.ToggleRL:
		return errors.New("HAProxy chooses here, by its balance: slbtui sets weights at most (--apply)")
	case live.DrainServer:
		return fmt.Errorf("drain it in HAProxy: set server %s/%s state drain", e.opts.Backend, c.Server)
	case live.SetRate, live.SetPaused:
		return errors.New("HAProxy's clients are real: there is no load to change")
	case live.SetFault, live.ClearFaults:
		return errors.New("these servers are real: no faults are injected into them")
	case live.PlayScenario, live.StopScenario:
		return errors.New("these servers are real: no scenario is played on them")
	case live.AskWhatIf:
		return errors.New("what-if is for simulated servers; slbtui fit predicts from HAProxy's log, and simulate has least_request+steered")
	case live.Export:
		return errors.New("a HAProxy that is watched leaves no summary: its log has it all, and slbtui fit reads it")
	case live.RefreshCertificate:
		return errors.New("HAProxy has its own certificates")
	}
	return fmt.Errorf("HAProxy is only watched here: no %T", cmd)
}
