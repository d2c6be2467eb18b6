package routing

import "time"

// FlightLifetime is how long a request counts as in flight when nobody reports its end. It is
// longer than any request should last, and short enough that a lost one does no lasting harm.
const FlightLifetime = 10 * time.Minute

// Tracker counts the requests in flight at one server and knows the age of the oldest. It is
// pure: time is an argument, so the pool and virtual time share it. Begin, End and both readings
// take constant time and, once warm, no allocation. The zero value is ready to use. It is not
// safe for concurrent use.
//
// Entries form a list in order of their begin, threaded through a slice whose freed slots are
// used again.
type Tracker struct {
	slots    []flightSlot
	free     []int32 // slots to use again
	head     int32   // the oldest ageing entry; meaningful while ageing > 0
	tail     int32   // the newest
	ageing   int     // entries in the list
	inFlight int     // those and the settled ones
}

// Flight names one entry of a Tracker. The zero value names none.
type Flight struct {
	slot   int32
	serial uint32 // odd while the entry lives, so a stale Flight never names a successor
}

type flightSlot struct {
	begin      time.Duration
	prev, next int32
	serial     uint32
	settled    bool
}

// Begin counts a request from now on.
func (t *Tracker) Begin(now time.Duration) Flight {
	t.expire(now)
	var i int32
	if n := len(t.free); n > 0 {
		i, t.free = t.free[n-1], t.free[:n-1]
	} else {
		i = int32(len(t.slots))
		t.slots = append(t.slots, flightSlot{})
	}
	s := &t.slots[i]
	s.settled = false
	s.serial++
	t.link(i, now)
	t.inFlight++
	return Flight{slot: i, serial: s.serial}
}

// Settle keeps counting the request but lets it age no more, nor expire: its answer has begun
// and may stream for hours, which says nothing about how the server is doing.
func (t *Tracker) Settle(f Flight) {
	if s := t.live(f); s != nil && !s.settled {
		s.settled = true
		t.unlink(f.slot)
	}
}

// Resume lets a settled request age again, from now on: its client was waited for meanwhile.
func (t *Tracker) Resume(f Flight, now time.Duration) {
	if s := t.live(f); s != nil && s.settled {
		s.settled = false
		t.link(f.slot, now)
	}
}

// End stops counting the request. Ending it twice, after it expired, or a zero Flight does nothing.
func (t *Tracker) End(f Flight) {
	s := t.live(f)
	if s == nil {
		return
	}
	if !s.settled {
		t.unlink(f.slot)
	}
	s.serial++
	t.free = append(t.free, f.slot)
	t.inFlight--
}

// InFlight is the number of requests begun and not ended, the expired ones left out as of the
// last Begin or OldestAge.
func (t *Tracker) InFlight() int { return t.inFlight }

// OldestAge is how long the oldest unsettled request has been in flight; 0 when there is none.
func (t *Tracker) OldestAge(now time.Duration) time.Duration {
	t.expire(now)
	begin, ok := t.oldest()
	if !ok {
		return 0
	}
	return max(0, now-begin)
}

// oldest is when the oldest unsettled request began; false when there is none.
func (t *Tracker) oldest() (begin time.Duration, ok bool) {
	if t.ageing == 0 {
		return 0, false
	}
	return t.slots[t.head].begin, true
}

// expire ends the entries that have outlived FlightLifetime.
func (t *Tracker) expire(now time.Duration) {
	for t.ageing > 0 && now-t.slots[t.head].begin > FlightLifetime {
		t.End(Flight{slot: t.head, serial: t.slots[t.head].serial})
	}
}

func (t *Tracker) live(f Flight) *flightSlot {
	if f.serial%2 == 0 || int(f.slot) >= len(t.slots) || t.slots[f.slot].serial != f.serial {
		return nil
	}
	return &t.slots[f.slot]
}

// link adds an entry as the newest.
func (t *Tracker) link(i int32, now time.Duration) {
	s := &t.slots[i]
	s.begin, s.prev = now, t.tail
	if t.ageing == 0 {
		t.head = i
	} else {
		t.slots[t.tail].next = i
	}
	t.tail = i
	t.ageing++
}

func (t *Tracker) unlink(i int32) {
	s := t.slots[i]
	if i == t.head {
		t.head = s.next
	} else {
		t.slots[s.prev].next = s.next
	}
	if i == t.tail {
		t.tail = s.prev
	} else {
		t.slots[s.next].prev = s.prev
	}
	t.ageing--
}
