package factored

import "fmt"

// transfer keeps of a table that was learned among another number of balancers what does not depend on
// that number. A cell is the response time with n requests of one's own in flight: alone those are all there
// are, among four they are a quarter, and loaded there a table of the one kind is worse than none (by 24
// to 64 % of the mean). But the curve behind it, service time and slots, is of the server, and
// so is the spread of its times. So each server starts with one measurement a level, on its curve:
// enough to begin with, and outweighed by the first that come.
func (f *Learner) transfer(learnedAmong int) {
	f.partial = ""
	if learnedAmong == f.cfg.Balancers {
		return
	}
	f.partial = fmt.Sprintf("it was learned among %d balancers and %d share the servers now: "+
		"service times, spreads and slots are taken over, the rest is learned anew", learnedAmong, f.cfg.Balancers)
	f.updates = 0
	for i := range f.servers {
		if s := &f.servers[i]; s.measured > 0 {
			f.reduce(s)
		}
	}
	for i := range f.servers { // all by the pools that the whole tables made
		if s := &f.servers[i]; s.measured > 0 {
			f.fit(s)
		}
	}
	f.repool()
}

// reduce makes a server's table one measurement a level, on its curve, up to where it was visited or its slots are
// filled twice.
func (f *Learner) reduce(s *column) {
	scale, slots, top := f.scaleOfServer(s), s.curve.slots(), 0
	for b := range levels {
		if s.visits[b] > 0 || levelCentre[b]+1 <= 2*slots && slots < lastFrom {
			top = b
		}
	}
	s.measured = 0
	for b := range levels {
		s.mean[b], s.visits[b] = 0, 0
		if b <= top {
			s.mean[b], s.visits[b] = clamp(scale*s.curve.shape[b], minLatencyMS, maxLatencyMS), 1
			s.measured++
		}
	}
}

// Partial tells what the last Load or Adopt left out, and why; "" when it was nothing.
func (f *Learner) Partial() string { return f.partial }
