package factored

import "time"

const (
	failureMS   = 2000 // what a certain failure costs, in ms of waiting
	unknownMS   = 1000 // what each request in flight on an unmeasured server costs
	probationMS = 1000 // the same on one that came back and has not answered yet
)

// score takes the sum of the type's comment apart, of a server that is thought to hold so many requests. All in ms.
func (f *Learner) score(s *column, now float64, load *ServerLoad, held float64) score {
	fail := 0.0
	if tr := &s.trouble; tr.any {
		fail = failureMS*(tr.failures.at(now)+f.refusing(tr, now)) + tr.probation(load)
	}
	if s.measured == 0 { // the requests of others tell this balancer nothing
		return score{own: unknownMS*float64(max(load.InFlight, 0)) - 1, fail: fail}
	}
	m := s.drift.speed(now)
	v, weight := s.value[levelOf(int(held))], f.socialWeight
	if load.told() {
		v, weight = s.between(held), weight*f.unseen()
	}
	own := v.cell * m
	social := weight * held * v.slope * m
	late := own * s.tail
	own *= s.hope
	censored := 0.0
	silent := 1000 * (now - s.onTimeAt)
	if age := min(float64(load.OldestAge)/float64(time.Millisecond), silent); age > late && held > 0 {
		censored = (own + social) * (age/late - 1)
	}
	return score{own: own, social: social, censored: censored, fail: fail}
}

// score has four fields and not more, so that the compiler keeps it in registers.
type score struct{ own, social, censored, fail float64 }

func (s score) total() float64 { return s.own + s.social + s.censored + s.fail }
