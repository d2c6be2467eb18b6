package factored

import (
	"math"
	"time"

	"slbtui/qlearn"
)

// trouble is what a server does instead of answering, apart from times: a fast failure in a cell would
// make a broken server look fast and draw all traffic into it (the black hole), and so would a fast
// refusal.
//
// Failures and refusals have a rate each, a running mean of the latest outcomes that fades:
//
//	f, r <- f, r + 0.2·(1 or 0 - f, r)      after fading by e^(-dt/5s)
//
// A failure is the server's. A refusal (404, 403 ...) may be the client's: of what all servers refuse alike,
// none is at fault. So of r counts only what exceeds the pool's own rate p by more than chance explains:
//
//	failure = f + max(0, r - p - 2·sqrt(p·(1-p)/9))
//
// p is the lowest long-run share of refusals among the servers known well enough, and 1/9 is
// 0.2/(2-0.2), the variance of such a mean of independent outcomes.
//
// A server that was away for more than a second and may be used again is another one as far as
// this goes: it was restarted, repaired or replaced. What was held against it is forgiven, and it is on
// probation, one request at a time, until it has answered one. Its cells stay: what it can do is
// what it could do before, as far as anyone knows.
type trouble struct {
	failures, refusals fading
	refused            float64 // long-run share of refusals
	outcomes           uint64  // behind it
	any                bool    // there is something to charge; false only when all of it is 0
	onProbation        bool
	away               bool    // it was not available when last looked at
	awaySince          float64 // seconds
}

const (
	failureRate  = 0.2 // step of the failure and the refusal rate
	refusedRate  = 0.01
	refusedKnown = 20 // outcomes before a server's long-run share counts
	refusedSD    = 2  // standard deviations that are taken for chance
	forgivenSecs = 1.0
)

// Fail takes in a failure of the server. It teaches nothing about response times.
func (f *Learner) Fail(now time.Duration, server int) {
	if server < 0 || server >= len(f.servers) {
		return
	}
	f.count(-failureMS / qlearn.MSPerReward)
	tr, t := &f.servers[server].trouble, now.Seconds()
	rise(&tr.failures, t)
	tr.any = true
}

// Refuse takes in an answer that turned the request down, which may be the client's doing. It teaches
// nothing about response times.
func (f *Learner) Refuse(now time.Duration, server int) {
	if server < 0 || server >= len(f.servers) {
		return
	}
	f.count(-failureMS / qlearn.MSPerReward)
	tr, t := &f.servers[server].trouble, now.Seconds()
	rise(&tr.refusals, t)
	tr.settle(1)
	tr.any = true
	f.look(t)
}

func rise(x *fading, now float64) {
	rate := x.at(now)
	x.set(now, rate+failureRate*(1-rate))
}

// answered takes in that the server did what was asked.
func (tr *trouble) answered(now float64) {
	tr.settle(0)
	if !tr.any {
		return
	}
	tr.failures.set(now, tr.failures.at(now)*(1-failureRate))
	tr.refusals.set(now, tr.refusals.at(now)*(1-failureRate))
	tr.onProbation = false
	tr.any = tr.failures.value != 0 || tr.refusals.value != 0
}

func (tr *trouble) settle(refused float64) {
	tr.outcomes++
	tr.refused += max(refusedRate, 1/float64(tr.outcomes)) * (refused - tr.refused)
}

func (tr *trouble) probation(load *ServerLoad) float64 {
	if !tr.onProbation {
		return 0
	}
	return probationMS * float64(max(load.InFlight, 0))
}

// refusing is the part of r that is the server's own.
func (f *Learner) refusing(tr *trouble, now float64) float64 {
	return max(0, tr.refusals.at(now)-f.refusedByAll)
}

// seen takes note that a server went away or came back.
func (s *column) seen(now float64, available bool) {
	if !available {
		s.trouble.away, s.trouble.awaySince = true, now
		return
	}
	s.trouble.away = false
	if now-s.trouble.awaySince > forgivenSecs {
		s.trouble.failures, s.trouble.refusals = fading{}, fading{}
		s.trouble.onProbation, s.trouble.any = true, true
		s.drift.forgive()
	}
}

// poolRefusals works out what all servers refuse, as far as chance goes.
func (f *Learner) poolRefusals() {
	p := math.Inf(1)
	for i := range f.servers {
		if tr := &f.servers[i].trouble; tr.outcomes >= refusedKnown {
			p = min(p, tr.refused)
		}
	}
	f.refusedByAll = 0
	if p <= 1 {
		f.refusedByAll = p + refusedSD*math.Sqrt(p*(1-p)*failureRate/(2-failureRate))
	}
}
