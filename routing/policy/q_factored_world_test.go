package policy

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// world is a tiny discrete-event world for the learner's own tests: Poisson arrivals, FIFO servers
// with worker slots, lognormal service. Arrival and size belong to the request, so that policies are
// compared on the same trace.
type world struct {
	baseMS  []float64
	workers []int
	sigma   float64
	load    float64 // of the capacity without slowdown
	seconds float64
	slow    func(server int, now float64) float64 // factor on service times; nil is 1
	fails   func(server int, now float64) bool    // answers after 1 ms with an error; nil never does
}

type job struct {
	arrived time.Duration
	size    float64 // service time over its mean
	token   Token
	failed  bool
}

type event struct {
	at     time.Duration
	server int // -1 is an arrival
	job    *job
}

type calendar []event

func (c calendar) Len() int           { return len(c) }
func (c calendar) Less(i, j int) bool { return c[i].at < c[j].at }
func (c calendar) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c *calendar) Push(x any)        { *c = append(*c, x.(event)) }
func (c *calendar) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

type station struct {
	queue    []*job
	busy     int
	inFlight []*job // in order of arrival
}

// result of one run: every request counts, failures apart.
type result struct {
	latencyMS []float64
	failures  int
	picks     []int
}

func (r result) mean() float64 {
	sum := 0.0
	for _, ms := range r.latencyMS {
		sum += ms
	}
	return sum / float64(len(r.latencyMS))
}

func (r result) p99() float64 {
	slices.Sort(r.latencyMS)
	return r.latencyMS[int(0.99*float64(len(r.latencyMS)))]
}

func (r result) errorRate() float64 {
	return float64(r.failures) / float64(r.failures+len(r.latencyMS))
}

// run sends the trace of seed through a fresh policy for the world's servers.
func (w world) run(seed uint64, p Policy) result {
	rng := rand.New(rand.NewPCG(seed, 1))
	capacity := 0.0
	for i, base := range w.baseMS {
		capacity += float64(w.workers[i]) * 1000 / base
	}
	stations := make([]station, len(w.baseMS))
	view := View{Servers: make([]ServerView, len(w.baseMS))}
	r := result{picks: make([]int, len(w.baseMS))}
	var c calendar
	end := time.Duration(w.seconds * float64(time.Second))
	arrive := func(now time.Duration) {
		at := now + time.Duration(rng.ExpFloat64()/(w.load*capacity)*float64(time.Second))
		size := math.Exp(rng.NormFloat64()*w.sigma - w.sigma*w.sigma/2)
		if at < end {
			heap.Push(&c, event{at, -1, &job{arrived: at, size: size}})
		}
	}
	start := func(now time.Duration, i int, j *job) {
		stations[i].busy++
		ms := w.baseMS[i] * j.size
		if w.slow != nil {
			ms *= w.slow(i, now.Seconds())
		}
		if j.failed = w.fails != nil && w.fails(i, now.Seconds()); j.failed {
			ms = 1
		}
		heap.Push(&c, event{now + time.Duration(ms*float64(time.Millisecond)), i, j})
	}
	arrive(0)
	for c.Len() > 0 {
		e := heap.Pop(&c).(event)
		if e.server < 0 {
			view.Now = e.at
			for i := range stations {
				s := &stations[i]
				view.Servers[i] = ServerView{InFlight: len(s.inFlight), Available: true, Reachable: true, CPU: -1, Weight: 1}
				if len(s.inFlight) > 0 {
					view.Servers[i].OldestAge = e.at - s.inFlight[0].arrived
				}
			}
			i, token := p.Pick(view)
			e.job.token = token
			r.picks[i]++
			stations[i].inFlight = append(stations[i].inFlight, e.job)
			if stations[i].busy < w.workers[i] {
				start(e.at, i, e.job)
			} else {
				stations[i].queue = append(stations[i].queue, e.job)
			}
			arrive(e.at)
			continue
		}
		s := &stations[e.server]
		s.busy--
		s.inFlight = slices.Delete(s.inFlight, slices.Index(s.inFlight, e.job), slices.Index(s.inFlight, e.job)+1)
		latency := e.at - e.job.arrived
		o := Outcome{Now: e.at, Latency: latency, Status: 200}
		if e.job.failed {
			o.Status = 500
			r.failures++
		} else {
			r.latencyMS = append(r.latencyMS, float64(latency)/float64(time.Millisecond))
		}
		p.Done(e.job.token, o)
		if len(s.queue) > 0 {
			next := s.queue[0]
			s.queue = s.queue[1:]
			start(e.at, e.server, next)
		}
	}
	return r
}

func between(server int, from, to float64, inside, outside float64) func(int, float64) float64 {
	return func(i int, now float64) float64 {
		if i == server && now >= from && now < to {
			return inside
		}
		return outside
	}
}

func same[T any](n int, x T) []T { return slices.Repeat([]T{x}, n) }

func standard(load float64) world {
	return world{baseMS: []float64{50, 75, 100}, workers: same(3, 4), sigma: 0.3, load: load, seconds: 60}
}

func slow5x() world {
	w := standard(0.5)
	w.slow = between(0, 20, 40, 5, 1)
	return w
}

func heavytail10() world {
	return world{baseMS: same(10, 50.0), workers: same(10, 2), sigma: 1, load: 0.8, seconds: 60}
}

func identical3() world {
	return world{baseMS: same(3, 75.0), workers: same(3, 4), sigma: 0.3, load: 0.7, seconds: 60}
}

func failing(from float64) world {
	w := standard(0.4)
	w.fails = func(i int, now float64) bool { return i == 0 && now >= from && now < 40 }
	return w
}

// unlike is n servers with base delays of 20-200 ms and 2-8 workers, drawn from the seed.
func unlike(n int, seed uint64) world {
	rng := rand.New(rand.NewPCG(seed, 2))
	w := world{sigma: 0.3, load: 0.7, seconds: 60}
	for range n {
		w.baseMS = append(w.baseMS, 20+180*rng.Float64())
		w.workers = append(w.workers, 2+rng.IntN(7))
	}
	return w
}

// least is least_request, the yardstick: full scan, random ties.
type least struct{ rng *rand.Rand }

func (least) Name() string { return "least_request" }

func (l least) Pick(v View) (int, Token) {
	best, ties := 0, 0
	for i, s := range v.Servers {
		switch {
		case ties == 0 || s.InFlight < v.Servers[best].InFlight:
			best, ties = i, 1
		case s.InFlight == v.Servers[best].InFlight:
			if ties++; l.rng.IntN(ties) == 0 {
				best = i
			}
		}
	}
	return best, Token{Server: best}
}

func (least) Done(Token, Outcome) {}
