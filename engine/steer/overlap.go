package steer

import (
	"container/heap"
	"time"

	"slbtui/engine/fit"
)

const (
	// hold is how long it is waited for lines of requests that began before others: a line comes when its request has
	// ended. Of one that takes longer the servers' own counts in other lines tell.
	hold = 500 * time.Millisecond
	// maxHeld bounds what is held: at more requests in half a second, every other one or fewer is learned from.
	maxHeld = 1 << 16
	// remembered is how many changes of a server's count are kept, for requests that took longer than hold.
	remembered = 64
)

// flight is a request of the log.
type flight struct {
	start, end time.Duration // on the clock of the run
	server     int
	others     int // in flight there when it had ended, as HAProxy counted; fit.Unknown where it did not
	learn      outcome
}

// outcome is what there is to learn of a flight.
type outcome struct {
	latency time.Duration
	status  int
	is      what
}

type what uint8

const (
	nothing what = iota // it says nothing of the server, but that it was there
	answered
	failed
	timedOut
)

// overlap rebuilds how many requests each server had in flight when another came: from the overlaps of lines, in the
// order of their times, and put right by HAProxy's own counts. Memory is bounded, whatever the log.
type overlap struct {
	now     time.Duration // up to which all is told
	due     moments
	flights []flight
	free    []int32
	counts  []count
	passed  uint64 // requests that there was no room for

	// begins is told of each start, in the order of time, with what was in flight before it.
	begins func(f *flight, inFlight func(server int) int)
}

// count is how many requests a server has in flight, now and a while ago.
type count struct {
	now     int
	history [remembered]change
	changes int
}

type change struct {
	at time.Duration
	n  int
}

func newOverlap(servers int, begins func(*flight, func(int) int)) *overlap {
	return &overlap{counts: make([]count, servers), begins: begins}
}

// add takes in a request that has ended.
func (o *overlap) add(f flight) {
	if f.server < 0 || f.server >= len(o.counts) {
		return
	}
	if len(o.flights)-len(o.free) >= maxHeld {
		o.passed++
		return
	}
	slot := int32(len(o.flights))
	if n := len(o.free); n > 0 {
		slot, o.free = o.free[n-1], o.free[:n-1]
		o.flights[slot] = f
	} else {
		o.flights = append(o.flights, f)
	}
	heap.Push(&o.due, moment{f.start, slot, false})
	heap.Push(&o.due, moment{max(f.start+1, f.end), slot, true}) // never before its start
}

// advance tells all that happened up to now, but for what is still held.
func (o *overlap) advance(now time.Duration) {
	until := now - hold
	for len(o.due) > 0 && o.due[0].at <= until {
		m := heap.Pop(&o.due).(moment) // of what is pushed above
		f := &o.flights[m.slot]
		if m.ends {
			o.ended(f)
			o.free = append(o.free, m.slot)
			continue
		}
		at := m.at
		o.begins(f, func(server int) int { return o.counts[server].at(at) })
		if late := m.at < o.now; !late || f.others == fit.Unknown { // the others' counts have had one that comes late
			o.counts[f.server].set(max(at, o.now), o.counts[f.server].now+1)
		}
		o.now = max(o.now, m.at)
	}
	o.now = max(o.now, until)
}

func (o *overlap) ended(f *flight) {
	c := &o.counts[f.server]
	left := max(0, c.now-1)
	if f.others >= 0 {
		left = f.others
	}
	o.now = max(o.now, f.end)
	c.set(o.now, left)
}

func (c *count) set(at time.Duration, n int) {
	c.now = n
	c.history[c.changes%remembered] = change{at, n}
	c.changes++
}

// at is the count at a time, as far as it is remembered.
func (c *count) at(at time.Duration) int {
	for i := c.changes - 1; i >= max(0, c.changes-remembered); i-- {
		if h := c.history[i%remembered]; h.at <= at {
			return h.n
		}
	}
	if c.changes > remembered {
		return c.history[c.changes%remembered].n
	}
	return 0
}

// moment is a start or an end.
type moment struct {
	at   time.Duration
	slot int32
	ends bool
}

// moments is a heap: of one instant ends come first, as a server free again is free for who comes.
type moments []moment

func (m moments) Len() int { return len(m) }
func (m moments) Less(i, j int) bool {
	if m[i].at != m[j].at {
		return m[i].at < m[j].at
	}
	return m[i].ends && !m[j].ends
}
func (m moments) Swap(i, j int) { m[i], m[j] = m[j], m[i] }
func (m *moments) Push(x any)   { *m = append(*m, x.(moment)) }
func (m *moments) Pop() any {
	old := *m
	last := old[len(old)-1]
	*m = old[:len(old)-1]
	return last
}
