package fit

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"slbtui/engine/simulate"
)

// Limits of what can be fitted.
const (
	fewest     = 200 // requests
	rounds     = 4   // in which slots and periods are found in turns
	lostShare  = 0.05
	maxTimeout = 60 * time.Second
)

// Fit finds out what the servers of a log are like. The log is one that WithoutEnd and Busiest have cut to size; it fails
// where there is too little to see, or nothing to choose.
func Fit(l *Log) (*Model, error) { return Knowing(l, Given{}) }

// Knowing is Fit where something is known better than the log tells it.
func Knowing(l *Log, given Given) (*Model, error) {
	switch {
	case len(l.Servers) < 2:
		return nil, errors.New("the log has one server: no policy would have made a difference")
	case len(l.Requests) < fewest:
		return nil, fmt.Errorf("the log has %d requests of %d servers: fewer than %d tell nothing", len(l.Requests), len(l.Servers), fewest)
	}
	if n := succeeded(l); n < fewest {
		return nil, fmt.Errorf("%d of the log's %d requests succeeded: fewer than %d tell nothing of how long they take", n, len(l.Requests), fewest)
	}
	var clocks []Clock
	if l.Balancers > 1 {
		l, clocks = setClocks(l)
		l = l.ofOne(given.Routed)
	}
	origin := l.Requests[0].Start
	m := &Model{Log: l, Clocks: clocks, given: given, Length: l.Requests[len(l.Requests)-1].Start - origin + time.Millisecond}
	if m.Length < time.Second {
		return nil, fmt.Errorf("the log is %v long: too short to tell anything", m.Length)
	}
	out := absences(l)
	m.Routed = whoRouted(l, out, given.Routed)
	if m.Routed.Policy != RoundRobin && m.Routed.Policy != WeightedRoundRobin && m.Routed.Policy != LeastRequest {
		out = make([][]Period, len(l.Servers)) // it may have avoided them by itself
	}
	still := stalls(l)
	flows := flows(l, still)
	reads := m.servers(flows)
	for s := range m.Servers {
		v := &m.Servers[s]
		v.Periods = append(v.Periods, still[s]...)
		v.Periods = append(v.Periods, out[s]...)
		v.Periods = append(v.Periods, failures(l, s)...)
		slices.SortStableFunc(v.Periods, func(a, b Period) int { return int((a.From - b.From) / time.Microsecond) })
		v.Periods = slices.DeleteFunc(v.Periods, func(p Period) bool { return p.To <= p.From })
	}
	m.shape(reads)
	if l.Resolution >= time.Second { // such stamps make the likelihood sure of wrong numbers
		for s := range m.Servers {
			v := &m.Servers[s]
			v.Slots, v.Low, v.High = 0, max(1, v.Low-max(1, v.Low/4)), 0
		}
	}
	if m.Patience = patience(l); given.Patience > 0 {
		m.Patience = given.Patience
	}
	return m, nil
}

func succeeded(l *Log) (n int) {
	for i := range l.Requests {
		if l.Requests[i].Outcome == OK {
			n++
		}
	}
	return n
}

// reading is the services of a server that can be read, as logarithms of seconds without what slow periods make of them.
type reading struct {
	requests []int
	log      []float64
	usual    float64 // their mean
}

// servers finds slots and slow periods, in turns: each is seen more clearly with the other known.
func (m *Model) servers(flows []flow) []reading {
	levels := make([][]float64, len(flows))
	for s := range flows {
		levels[s] = make([]float64, len(flows[s].start))
	}
	var reads []reading
	before := []int(nil)
	for range rounds {
		slots, sharing := profiles(flows, levels, (*flow).slots, m.given.Delay), profiles(flows, levels, (*flow).sharing, m.given.Delay)
		m.Margin = 0
		for s := range flows {
			m.Margin += slots[s].best - sharing[s].best
		}
		m.Discipline = Neither
		best := slots
		if math.Abs(m.Margin) > disciplineBy {
			if m.Discipline = Slots; m.Margin < 0 {
				m.Discipline, best = Sharing, sharing
			}
		}
		switch m.given.Discipline {
		case Slots:
			m.Discipline, best = Slots, slots
		case Sharing:
			m.Discipline, best = Sharing, sharing
		}
		settle(best)
		reads = reads[:0]
		m.Servers = m.Servers[:0]
		var now []int
		for s := range flows {
			v, r, level := flows[s].read(best[s], m.Discipline)
			v.ID = m.Log.Servers[s]
			for k := range v.Periods {
				now = append(now, int(v.Periods[k].From/time.Second), int(v.Periods[k].To/time.Second))
			}
			now = append(now, best[s].slots)
			levels[s] = level
			m.Servers, reads = append(m.Servers, v), append(reads, r)
		}
		if slices.Equal(now, before) {
			break
		}
		before = now
	}
	return reads
}

// read takes the services of a server as its discipline and slots say, and finds the periods in them. Level is by
// request of the flow.
func (f *flow) read(p profiled, d Discipline) (v Server, r reading, level []float64) {
	n := len(f.start)
	x := newServices(n)
	if d == Sharing {
		f.sharing(p.slots, p.delay, x)
	} else {
		f.slots(p.slots, p.delay, x)
	}
	var begun, log []float64
	lost := 0
	v.likely, v.Curve = p.slots, p.curve
	for i := range f.start {
		if !f.legible[i] {
			lost++
		} else if x.took[i] > f.step/2 {
			begun = append(begun, x.begun[i])
			log = append(log, math.Log(x.took[i]))
			r.requests = append(r.requests, f.requests[i])
		} else {
			v.impossible += 1 / float64(n)
		}
		if p.known() && (x.rate[i] < 1 || x.begun[i] > f.start[i]+f.step) {
			v.QueuedShare += 1 / float64(n)
		}
	}
	level = make([]float64, n)
	off := make([]float64, len(log))
	if float64(lost) < lostShare*float64(n)+float64(few) {
		v.Periods, off = slow(begun, log)
	}
	k := 0
	for i := range f.start { // what cannot be read has the level of its time
		if f.legible[i] && x.took[i] > f.step/2 {
			level[i] = off[k]
			k++
		} else if k > 0 {
			level[i] = off[k-1]
		}
	}
	for k := range log {
		log[k] -= off[k]
		r.usual += log[k] / float64(len(log))
	}
	r.log = log
	v.Requests, v.InFlight, v.Delay = n, f.most, seconds(p.delay)
	v.Low, v.High = max(1, p.low), p.high
	if p.known() {
		v.Slots = p.slots
	} else {
		v.High = 0
	}
	return v, r, level
}

// failures are the failing periods of a server.
func failures(l *Log, server int) []Period {
	var at, failed []float64
	for _, q := range l.Requests {
		if int(q.Server) != server || q.Outcome == TimedOut {
			continue
		}
		at = append(at, (q.Start - l.Requests[0].Start).Seconds())
		failed = append(failed, map[bool]float64{true: 1}[q.Outcome == Failed])
	}
	return failing(at, failed)
}

// patience is how long somebody waited who then went, or longer than anybody did.
func patience(l *Log) time.Duration {
	var gone, longest time.Duration
	for _, q := range l.Requests {
		if q.Outcome == TimedOut {
			gone = max(gone, q.Took())
		}
		longest = max(longest, q.Took())
	}
	if gone > 0 {
		return min(maxTimeout, max(time.Second, gone, longest))
	}
	return min(maxTimeout, max(simulate.DefaultClientTimeout, longest))
}
