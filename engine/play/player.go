package play

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/simulate"
)

// Player plays one scenario at a time in a running engine. One goroutine may move it; Playing may be called
// by any.
type Player struct {
	stage  Stage
	limits Limits
	on     atomic.Pointer[play] // nil when nothing is played; what it points to never changes
	timer  *time.Timer          // the next moment
	next   int                  // index of it
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
	do func(*Player)
}

// NewPlayer makes a player of what is within limits.
func NewPlayer(stage Stage, limits Limits) *Player {
	return &Player{stage: stage, limits: limits, timer: stopped()}
}

// stopped is a timer that does not run.
func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// Infos lists the built-in scenarios, and which of them the run can play.
func (p *Player) Infos() []live.ScenarioInfo { return p.limits.Infos() }

// Due says when it is time to Advance.
func (p *Player) Due() <-chan time.Time { return p.timer.C }

// Play begins the built-in scenario of that name, fitted to the servers of the run, in place of one that is
// being played. It fails, and leaves everything as it was, where there is none, the run cannot play it, or the
// stage is not ready.
func (p *Player) Play(name string) error {
	sc, err := simulate.Lookup(name)
	if err == nil {
		sc, err = p.limits.Fit(sc)
	}
	if err != nil {
		return err
	}
	if err := p.stage.Ready(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	p.begin(sc)
	return nil
}

func (p *Player) begin(sc simulate.Scenario) {
	p.end("stopped: " + sc.Name + " takes over")
	on := newPlay(sc)
	on.began, on.rateBefore, on.faultsBefore = p.stage.Now(), p.stage.Rate(), p.stage.Faults()
	p.stage.Event(metrics.EventScenario, fmt.Sprintf("%s begins, %v: %s", sc.Name, sc.Duration, sc.About))
	if slices.ContainsFunc(on.faultsBefore, func(f []fault.Span) bool { return len(f) > 0 }) {
		p.warnOf(p.stage.ClearFaults(""))
	}
	p.warnOf(p.stage.SetRate(on.rate))
	if sc.Arrivals.Shape != nil {
		p.warnOf(p.stage.SetShape(sc.Arrivals.Shape))
	}
	p.next = 0
	p.on.Store(on)
	p.Advance()
}

// newPlay lays out what will happen when.
func newPlay(sc simulate.Scenario) *play {
	on := &play{scenario: sc, rate: sc.MeanRate()}
	planned := Plan(sc)
	for i, f := range planned {
		on.moments = append(on.moments, moment{f.At, func(p *Player) { p.warnOf(p.stage.SetFault(f.SetFault)) }})
		on.steps = append(on.steps, live.ScenarioStep{At: f.At, For: lasts(planned, i, sc.Duration), Server: f.Server, What: f.Fault.String()})
	}
	on.moments = append(on.moments, moment{sc.Duration, func(p *Player) { p.end("is over") }})
	slices.SortStableFunc(on.moments, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	return on
}

// lasts is how long a planned fault will be in force: its own time, or until the next value of its
// kind, or to the end.
func lasts(planned []Fault, i int, end time.Duration) time.Duration {
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

// Advance does what is due and sets the timer for what is not.
func (p *Player) Advance() {
	for {
		on := p.on.Load()
		if on == nil {
			return
		}
		m := on.moments[p.next] // the last moment ends the play
		if left := on.began + m.at - p.stage.Now(); left > 0 {
			p.timer.Reset(left)
			return
		}
		p.next++
		m.do(p)
	}
}

// Stop ends the scenario that is being played. It fails where none is.
func (p *Player) Stop() error {
	if p.on.Load() == nil {
		return errors.New("no scenario is being played")
	}
	p.end("stopped")
	return nil
}

// end puts rate, arrivals and faults back to what they were: the rate unless it has been changed
// since, the faults of the servers that the scenario harmed.
func (p *Player) end(how string) {
	on := p.on.Swap(nil)
	if on == nil {
		return
	}
	p.timer.Stop()
	p.stage.Event(metrics.EventScenario, on.scenario.Name+" "+how)
	for i, suffered := range p.stage.Faults() {
		id := p.limits.Servers[i].ID
		if len(suffered) > 0 && slices.ContainsFunc(on.steps, func(s live.ScenarioStep) bool { return s.Server == id }) {
			p.warnOf(p.stage.ClearFaults(id))
		}
		for _, f := range on.faultsBefore[i] {
			p.restore(id, f, p.stage.Now()-on.began)
		}
	}
	if on.scenario.Arrivals.Shape != nil {
		p.warnOf(p.stage.SetShape(nil))
	}
	if p.stage.Rate() == on.rate {
		p.warnOf(p.stage.SetRate(on.rateBefore))
	}
}

// restore injects what is left of a fault after a time.
func (p *Player) restore(id string, f fault.Span, after time.Duration) {
	left := f.For
	if left > 0 {
		if left -= after; left <= 0 {
			return
		}
	}
	p.warnOf(p.stage.SetFault(live.SetFault{Server: id, For: left, Fault: f.Fault}))
}

// warnOf leaves an event where nobody waits for an error.
func (p *Player) warnOf(err error) {
	if err != nil {
		p.stage.Event(metrics.EventWarning, err.Error())
	}
}

// Name is that of the scenario being played, "" when none is.
func (p *Player) Name() string {
	if on := p.on.Load(); on != nil {
		return on.scenario.Name
	}
	return ""
}

// Playing is what is being played now, nil when nothing is.
func (p *Player) Playing(now time.Duration) *live.Scenario {
	on := p.on.Load()
	if on == nil {
		return nil
	}
	s := &live.Scenario{
		Name: on.scenario.Name, Elapsed: max(0, min(now-on.began, on.scenario.Duration)), Duration: on.scenario.Duration,
		Rate: on.rate, Steps: make([]live.ScenarioStep, len(on.steps)),
	}
	for i, step := range on.steps {
		switch {
		case s.Elapsed < step.At:
			step.State = live.StepDue
		case s.Elapsed < step.At+step.For:
			step.State = live.StepOn
		default:
			step.State = live.StepOver
		}
		s.Steps[i] = step
	}
	return s
}
