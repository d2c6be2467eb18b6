package fit

import (
	"fmt"
	"math"
	"time"
)

// Grade is how far a prediction can be trusted.
type Grade string

// The grades.
const (
	A Grade = "A" // a number
	B Grade = "B" // a range: something is not known
	C Grade = "C" // a check failed: nothing is predicted unless one insists
)

// Bounds of what a log may lack.
const (
	wholeWithin   = 0.02 // of what the balancer counted in flight
	fewAServer    = 300
	retriedShare  = 0.01
	heldShare     = 0.01
	timeOutShare  = 0.001
	impossibleMax = 0.005
)

// Judge grades the model, with a reason for whatever is not A.
func (m *Model) Judge(c Check) (Grade, []string) {
	g := A
	var reasons []string
	say := func(worst Grade, format string, args ...any) {
		reasons = append(reasons, fmt.Sprintf(format, args...))
		g = max(g, worst)
	}
	for _, f := range c.Failed {
		say(C, "%s", f)
	}
	l := m.Log
	n := float64(len(l.Requests))
	ratio, told := completeness(l)
	switch {
	case float64(l.Filtered) > wholeWithin*(n+float64(l.Filtered)):
		say(B, "the servers also answered %d requests that were not asked for: what they did for these is not known", l.Filtered)
	case told && math.Abs(ratio-1) > wholeWithin:
		say(C, "the log is not whole: %.1f %% of what the balancer counted in flight is in it; give all its lines, and those of one balancer", 100*ratio)
	case m.Routed.Broken:
		say(C, "the log is not whole: the servers take turns as in round robin, but their counts differ by up to %d; give all lines", m.Routed.Apart)
	case !told && !m.Routed.Signed && !l.Whole:
		say(B, "nothing tells whether the log is whole: %s", m.Routed.Why)
	}
	if l.Resolution >= time.Second {
		say(B, "stamps of a second: slots are unknown, and the order within a second is a guess; log milliseconds (docs/fit.md)")
	}
	if len(m.Clocks) > 1 {
		switch corrected, unknown := m.clockWords(); {
		case unknown:
			say(B, "files of the same time: by how much their clocks differ is not known")
		default:
			say(B, "files of the same time: their clocks were set right by what makes the servers likeliest (%s)", corrected)
		}
	}
	if m.Routed.Learner {
		say(B, "%s learns: what it had learned before is not in the log, and it avoids servers by itself, so absences are not told from its choices", m.Routed.Policy)
	}
	if share := float64(l.Retried) / n; share > retriedShare {
		say(B, "%.1f %% of the requests are retries of which the first attempt is not in the log", 100*share)
	}
	if share := float64(l.Held) / n; share > heldShare {
		say(B, "%.1f %% of the requests waited in the balancer's own queue (maxconn): they count as if they had come when they left it", 100*share)
	}
	lost := 0
	for _, q := range l.Requests {
		if q.Outcome == TimedOut {
			lost++
		}
	}
	if share := float64(lost) / n; share > timeOutShare {
		say(B, "%.1f %% of the requests timed out or were given up: how long they would have taken is unknown", 100*share)
	}
	for _, s := range m.Servers {
		switch {
		case s.Requests < fewAServer:
			say(B, "%s got %d requests: fewer than %d say little", s.ID, s.Requests, fewAServer)
		case s.Slots == 0 && l.Resolution < time.Second:
			say(B, "%s: its slots were never full; it serves at least %d at once", s.ID, s.Low)
		case s.vague():
			say(B, "%s: how many it serves at once is known to be %d to %d only", s.ID, s.Low, s.High)
		}
		if s.impossible > impossibleMax {
			say(B, "%s: %.1f %% of its requests ended before they can have begun: lines are missing, or clocks differ", s.ID, 100*s.impossible)
		}
	}
	if m.Discipline == Neither {
		say(B, "too little queued to tell whether the servers have slots or share their processors")
	}
	if share := float64(l.NotUnderstood) / n; share > wholeWithin {
		say(B, "%d lines are not understood, the first is %s", l.NotUnderstood, l.FirstProblem)
	}
	return g, reasons
}
