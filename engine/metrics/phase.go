package metrics

import "time"

// phase is a Phase in the making.
type phase struct {
	info    Phase // but for ByServer
	policy  *policyTotal
	answers answers
	batches batches
	sum     *accumulator // nil once closed for good; info.Summary then stands
	open    bool         // the current phase: its End is now
	changed bool         // info.Summary is older than sum
}

type policyTotal struct {
	learner bool
	phases  int
	elapsed time.Duration
	sum     *accumulator
	answers answers
}

// Turn is that of a policy to route.
type Turn struct {
	Policy  string
	Learner bool   // it learns
	Updates uint64 // that it has learned from before
}

// StartPhase ends the current phase and begins the next; it returns the new one's number. Requests
// of the old phase that are still in flight are counted where they belong when they end.
func (r *Recorder) StartPhase(at time.Duration, turn Turn) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.endPhase(at)
	total := r.policies[turn.Policy]
	if total == nil {
		total = &policyTotal{learner: turn.Learner, sum: newAccumulator(phaseDigits)}
		r.policies[turn.Policy] = total
		r.order = append(r.order, turn.Policy)
	}
	total.phases++
	number := r.dropped + len(r.phases) + 1
	r.phases = append(r.phases, &phase{
		info: Phase{
			Number: number, Policy: turn.Policy, Learner: turn.Learner, WarmStart: turn.Learner && turn.Updates > 0, Updates: turn.Updates,
			Start: at, End: at,
		},
		policy: total, sum: newAccumulator(phaseDigits), open: true,
	})
	r.current.Store(int64(number))
	if n := len(r.phases) - livePhases; n > 0 {
		r.phases[n-1].close()
	}
	if len(r.phases) > keptPhases {
		r.phases = append(r.phases[:0], r.phases[1:]...)
		r.dropped++
	}
	return number
}

// StoodStill marks the current phase: its load stood still for a time.
func (r *Recorder) StoodStill(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.phases); n > 0 && r.phases[n-1].open {
		r.phases[n-1].info.StoodStill += d
	}
}

// EndPhase ends the current phase: the run is over.
func (r *Recorder) EndPhase(at time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.endPhase(at)
}

func (r *Recorder) endPhase(at time.Duration) {
	if len(r.phases) == 0 {
		return
	}
	p := r.phases[len(r.phases)-1]
	if !p.open {
		return
	}
	p.open, p.changed = false, true
	p.info.End = at
	p.policy.elapsed += at - p.info.Start
}

func (p *phase) close() {
	if p.sum == nil {
		return
	}
	p.info.Summary = p.sum.summary(p.info.End - p.info.Start)
	p.sum = nil
}

func (p *phase) snapshot(now time.Duration, ids []string) Phase {
	if p.open {
		p.info.End = now
	}
	if p.sum != nil && (p.open || p.changed) {
		p.info.Summary = p.sum.summary(p.info.End - p.info.Start)
		p.changed = false
	}
	info := p.info
	info.ByServer = p.answers.byServer(ids)
	return info
}

func (r *Recorder) phase(number int) *phase {
	i := number - r.dropped - 1
	if i < 0 || i >= len(r.phases) {
		return nil
	}
	return r.phases[i]
}

// CurrentPhase returns the number of the phase in force, 0 before the first.
func (r *Recorder) CurrentPhase() int { return int(r.current.Load()) }

// Phases returns the newest phases, at most limit, oldest first, and how many earlier ones are left out.
func (r *Recorder) Phases(now time.Duration, limit int) (phases []Phase, earlier int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := max(0, len(r.phases)-limit)
	for _, p := range r.phases[first:] {
		phases = append(phases, p.snapshot(now, r.ids))
	}
	return phases, r.dropped + first
}

// Policies returns one total for each policy that has routed, in the order of their first phases.
func (r *Recorder) Policies(now time.Duration) []PolicyTotal {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]PolicyTotal, 0, len(r.order))
	for _, name := range r.order {
		t := r.policies[name]
		elapsed := t.elapsed
		if n := len(r.phases); n > 0 && r.phases[n-1].open && r.phases[n-1].info.Policy == name {
			elapsed += now - r.phases[n-1].info.Start
		}
		out = append(out, PolicyTotal{Policy: name, Learner: t.learner, Phases: t.phases, Summary: t.sum.summary(elapsed), ByServer: t.answers.byServer(r.ids), Tail: t.sum.tail()})
	}
	return out
}
