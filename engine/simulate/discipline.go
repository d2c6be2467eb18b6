package simulate

import (
	"math"
	"slices"
	"sort"
	"time"
)

// Discipline is how the requests at a server share its workers.
type Discipline string

// The disciplines.
const (
	Slots   Discipline = ""        // each is served by one worker at full speed; the others wait, first in first out
	Sharing Discipline = "sharing" // all are served at once; with n there and w workers each at the rate min(1, w/n)
)

// processor is what a server with discipline Sharing has instead of slots and a queue. Work is told
// by a clock that runs at the rate at which each request is served: a request that needs x of it ends when
// the clock, which showed v when it came, shows v+x. So whoever comes or goes, nobody's end on
// that clock changes, and a list by end is all there is to keep.
type processor struct {
	clock  float64       // in ns of work
	at     time.Duration // up to when it was wound
	ends   []sharedJob   // the first to end is the last here
	serial uint32        // of the latest plan: those before it are void
}

type sharedJob struct {
	end float64 // on the clock
	job job
}

// rate is how fast each request is served now.
func (s *station) rate() float64 {
	switch n := len(s.processor.ends); {
	case s.stalled > 0:
		return 0
	case s.Workers == 0 || n <= s.Workers:
		return 1
	default:
		return float64(s.Workers) / float64(n)
	}
}

// wind moves the clock up to now. It comes before every change of the rate.
func (s *station) wind(now time.Duration) {
	p := &s.processor
	p.clock += float64(now-p.at) * s.rate()
	p.at = now
}

// share takes in a request.
func (w *world) share(i int32, j job) {
	s := &w.servers[i]
	s.wind(w.now)
	s.occupy(w.now, 1)
	s.processor.push(sharedJob{end: s.processor.clock + float64(s.service(w.flights[j.ref.slot].size, j.factor)), job: j})
	w.foresee(i)
}

// foresee plans the next end of a service, in place of what was planned before.
func (w *world) foresee(i int32) {
	s := &w.servers[i]
	p := &s.processor
	p.serial++
	if rate := s.rate(); len(p.ends) > 0 && rate > 0 {
		left := min(max(0, p.ends[len(p.ends)-1].end-p.clock)/rate, float64(maxService))
		w.calendar.plan(event{at: w.now + time.Duration(math.Ceil(left)), what: shared, server: i, life: p.serial})
	}
}

// ended ends the service that was planned to.
func (w *world) ended(e *event, s *station) {
	p := &s.processor
	if e.life != p.serial {
		return
	}
	s.wind(w.now)
	first := p.pop()
	p.clock = max(p.clock, first.end) // the plan is a whole number of ns
	s.occupy(w.now, -1)
	s.weight -= first.job.factor
	w.leave(e.server, first.job.ref)
	w.foresee(e.server)
}

// empty drops everything, as a crash does.
func (p *processor) empty() {
	p.ends = p.ends[:0]
	p.serial++
}

func (p *processor) push(j sharedJob) {
	i := sort.Search(len(p.ends), func(i int) bool { return p.ends[i].end <= j.end })
	p.ends = slices.Insert(p.ends, i, j)
}

// pop takes the request that ends first. There must be one.
func (p *processor) pop() sharedJob {
	last := len(p.ends) - 1
	first := p.ends[last]
	p.ends = p.ends[:last]
	return first
}
