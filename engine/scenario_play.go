package engine

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
)

// player plays one scenario at a time in the running engine. Only the control goroutine moves it;
// the sampler reads what is on.
type player struct {
	on    atomic.Pointer[play] // nil when nothing is played; what it points to never changes
	timer *time.Timer          // the control goroutine's: the next moment
	next  int                  // index of it
}

// play is a scenario on the servers of this run, and what it has to put back.
type play struct {
	scenario simulate.Scenario
	rate     float64       // requests/s
	began    time.Duration // since the run began
	steps    []live.ScenarioStep
	moments  []moment

	rateBefore   float64
	faultsBefore [][]fault.Span // indexed by server
}

// moment is when something is to be done.
type moment struct {
	at time.Duration // since the scenario began
	do func(*Engine)
}

func (e *Engine) playScenario(name string) error {
	sc, err := e.scenarioNamed(name)
	if err != nil {
		return err
	}
	load := e.load.Stats()
	switch {
	case load.Finished:
		return fmt.Errorf("%s: the load has finished", name)
	case load.Paused:
		return fmt.Errorf("%s: the load is paused; resume it first", name)
	}
	e.endScenario("stopped: " + sc.Name + " takes over")
	p := newPlay(sc)
	p.began, p.rateBefore, p.faultsBefore = e.now(), e.load.Stats().Rate, e.allFaults()
	e.event("scenario", "", fmt.Sprintf("%s begins, %v: %s", sc.Name, sc.Duration, sc.About))
	if slices.ContainsFunc(p.faultsBefore, func(f []fault.Span) bool { return len(f) > 0 }) {
		e.warnOf(e.clearFaults(""))
	}
	e.warnOf(e.setRate(p.rate))
	if sc.Arrivals.Shape != nil {
		e.warnOf(e.load.SetShape(sc.Arrivals.Shape))
	}
	e.player.next = 0
	e.player.on.Store(p)
	e.advanceScenario()
	return nil
}

// newPlay lays out what will happen when.
func newPlay(sc simulate.Scenario) *play {
	p := &play{scenario: sc, rate: sc.MeanRate()}
	planned := PlanFaults(sc)
	for i, f := range planned {
		p.moments = append(p.moments, moment{f.At, func(e *Engine) { e.warnOf(e.setFault(f.SetFault)) }})
		p.steps = append(p.steps, live.ScenarioStep{At: f.At, For: lasts(planned, i, sc.Duration), Server: f.Server, What: f.Fault.String()})
	}
	p.moments = append(p.moments, moment{sc.Duration, func(e *Engine) { e.endScenario("is over") }})
	slices.SortStableFunc(p.moments, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	return p
}

// lasts is how long a planned fault will be in force: its own time, or until the next value of its
// kind, or to the end.
func lasts(planned []PlannedFault, i int, end time.Duration) time.Duration {
	f := planned[i]
	if f.For > 0 {
		return f.For
	}
	for _, next := range planned[i+1:] {
		if next.Server == f.Server && next.Fault.Shares(f.Fault) {
			return next.At - f.At
		}
	}
	return end - f.At
}

// advanceScenario does what is due and sets the timer for what is not.
func (e *Engine) advanceScenario() {
	for {
		p := e.player.on.Load()
		if p == nil {
			return
		}
		m := p.moments[e.player.next] // the last moment ends the play
		if left := p.began + m.at - e.now(); left > 0 {
			e.player.timer.Reset(left)
			return
		}
		e.player.next++
		m.do(e)
	}
}

func (e *Engine) stopScenario() error {
	if e.player.on.Load() == nil {
		return errors.New("no scenario is being played")
	}
	e.endScenario("stopped")
	return nil
}

// endScenario puts rate, arrivals and faults back to what they were: the rate unless it has been
// changed since, the faults of the servers that the scenario harmed.
func (e *Engine) endScenario(how string) {
	p := e.player.on.Swap(nil)
	if p == nil {
		return
	}
	e.player.timer.Stop()
	e.event("scenario", "", p.scenario.Name+" "+how)
	for i, b := range e.backends {
		id := e.cfg.Servers[i].ID
		if len(b.Faults()) > 0 && slices.ContainsFunc(p.steps, func(s live.ScenarioStep) bool { return s.Server == id }) {
			e.warnOf(e.clearFaults(id))
		}
		for _, f := range p.faultsBefore[i] {
			e.restoreFault(id, f, e.now()-p.began)
		}
	}
	if p.scenario.Arrivals.Shape != nil {
		e.warnOf(e.load.SetShape(nil))
	}
	if e.load.Stats().Rate == p.rate {
		e.warnOf(e.setRate(p.rateBefore))
	}
}

// restoreFault injects what is left of a fault after a time.
func (e *Engine) restoreFault(id string, f fault.Span, after time.Duration) {
	left := f.For
	if left > 0 {
		if left -= after; left <= 0 {
			return
		}
	}
	e.warnOf(e.setFault(live.SetFault{Server: id, For: left, Fault: f.Fault}))
}

func (e *Engine) allFaults() [][]fault.Span {
	out := make([][]fault.Span, len(e.backends))
	for i, b := range e.backends {
		out[i] = b.Faults()
	}
	return out
}

// warnOf leaves an event where nobody waits for an error.
func (e *Engine) warnOf(err error) {
	if err != nil {
		e.event("warning", "", err.Error())
	}
}

// playing is what is being played now, nil when nothing is.
func (e *Engine) playing(now time.Duration) *live.Scenario {
	p := e.player.on.Load()
	if p == nil {
		return nil
	}
	s := &live.Scenario{
		Name: p.scenario.Name, Elapsed: max(0, min(now-p.began, p.scenario.Duration)), Duration: p.scenario.Duration,
		Rate: p.rate, Steps: make([]live.ScenarioStep, len(p.steps)),
	}
	for i, step := range p.steps {
		switch {
		case s.Elapsed < step.At:
			step.State = "due"
		case s.Elapsed < step.At+step.For:
			step.State = "on"
		default:
			step.State = "over"
		}
		s.Steps[i] = step
	}
	return s
}
