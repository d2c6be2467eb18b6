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
// Entries form two lists in order of their begin, threaded through a slice whose freed slots are
// used again.
type Tracker struct {
	slots     []flightSlot
	free      []int32    // slots to use again
	waiting   flightList // for their answer to begin
	answering flightList // for the rest of it
	inFlight  int        // those and the settled ones
	streams   int        // of the latter, those whose answer goes on
}

// Flight names one entry of a Tracker. The zero value names none.
type Flight struct {
	slot   int32
	serial uint32 // odd while the entry lives, so a stale Flight never names a successor
}

type flightSlot struct {
	begin      time.Duration // of its age
	prev, next int32
	serial     uint32
	in         *flightList // nil when it is settled
	streams    bool
}

// flightList has entries that age, the oldest at its head, which is meaningful while there are any.
type flightList struct {
	head, tail int32
	n          int
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
	s.streams = false
	s.serial++
	t.link(&t.waiting, i, now)
	t.inFlight++
	return Flight{slot: i, serial: s.serial}
}

// Settle keeps counting the request but lets it age no more, nor expire: its client is waited for, which
// says nothing about how the server is doing.
func (t *Tracker) Settle(f Flight) {
	if s := t.live(f); s != nil {
		t.unlink(f.slot)
	}
}

// Stream is Settle for a request whose answer has begun and may go on for hours; it counts among
// Streaming as well.
func (t *Tracker) Stream(f Flight) {
	t.Settle(f)
	if s := t.live(f); s != nil && !s.streams {
		s.streams = true
		t.streams++
	}
}

// Answer tells that the answer to a request that ages has begun: it ages anew, and not before due, by which the
// rest is expected.
func (t *Tracker) Answer(f Flight, due time.Duration) {
	if s := t.live(f); s != nil && s.in != nil {
		t.unlink(f.slot)
		t.link(&t.answering, f.slot, due)
	}
}

// Resume lets a settled request age again, from now on: its client was waited for meanwhile.
func (t *Tracker) Resume(f Flight, now time.Duration) {
	if s := t.live(f); s != nil && s.in == nil {
		t.link(&t.waiting, f.slot, now)
	}
}

// End stops counting the request. Ending it twice, after it expired, or a zero Flight does nothing.
func (t *Tracker) End(f Flight) {
	s := t.live(f)
	if s == nil {
		return
	}
	t.unlink(f.slot)
	if s.streams {
		t.streams--
	}
	s.serial++
	t.free = append(t.free, f.slot)
	t.inFlight--
}

// InFlight is the number of requests begun and not ended, the expired ones left out as of the
// last Begin or OldestAge.
func (t *Tracker) InFlight() int { return t.inFlight }

// Streaming is the number of those whose answer goes on.
func (t *Tracker) Streaming() int { return t.streams }

// OldestAge is how long the oldest unsettled request has been in flight; 0 when there is none.
func (t *Tracker) OldestAge(now time.Duration) time.Duration {
	t.expire(now)
	begin, ok := t.oldest()
	if !ok {
		return 0
	}
	return max(0, now-begin)
}

// oldest is when the age of the oldest unsettled request began; false when there is none.
func (t *Tracker) oldest() (begin time.Duration, ok bool) {
	for _, l := range [...]*flightList{&t.waiting, &t.answering} {
		if l.n > 0 && (!ok || t.slots[l.head].begin < begin) {
			begin, ok = t.slots[l.head].begin, true
		}
	}
	return begin, ok
}

// expire ends the entries that have outlived FlightLifetime.
func (t *Tracker) expire(now time.Duration) {
	for _, l := range [...]*flightList{&t.waiting, &t.answering} {
		for l.n > 0 && now-t.slots[l.head].begin > FlightLifetime {
			t.End(Flight{slot: l.head, serial: t.slots[l.head].serial})
		}
	}
}

func (t *Tracker) live(f Flight) *flightSlot {
	if f.serial%2 == 0 || int(f.slot) >= len(t.slots) || t.slots[f.slot].serial != f.serial {
		return nil
	}
	return &t.slots[f.slot]
}

// link adds an entry as the newest of a list.
func (t *Tracker) link(l *flightList, i int32, begin time.Duration) {
	s := &t.slots[i]
	s.begin, s.prev, s.in = begin, l.tail, l
	if l.n == 0 {
		l.head = i
	} else {
		t.slots[l.tail].next = i
	}
	l.tail = i
	l.n++
}

// unlink takes an entry out of the list that it is in, if it is in one.
func (t *Tracker) unlink(i int32) {
	s := &t.slots[i]
	l := s.in
	if l == nil {
		return
	}
	s.in = nil
	if i == l.head {
		l.head = s.next
	} else {
		t.slots[s.prev].next = s.next
	}
	if i == l.tail {
		l.tail = s.prev
	} else {
		t.slots[s.next].prev = s.prev
	}
	l.n--
}
