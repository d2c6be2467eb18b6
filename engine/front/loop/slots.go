//go:build linux

package loop

// noSlot is what events of the loop's own have for one.
const noSlot = -1

// slots is whom events are for. An event of a connection that has ended may still come: it names a slot's use,
// and each slot counts those.
type slots struct {
	all  []slot
	free []int32
}

type slot struct {
	who any
	use int32
}

// put gives somebody a slot.
func (s *slots) put(who any) (at, use int32) {
	if n := len(s.free); n > 0 {
		at = s.free[n-1]
		s.free = s.free[:n-1]
	} else {
		at = int32(len(s.all))
		s.all = append(s.all, slot{})
	}
	s.all[at].who = who
	return at, s.all[at].use
}

// get is who has a slot in this use; nil for nobody any more.
func (s *slots) get(at, use int32) any {
	if s.all[at].use != use {
		return nil
	}
	return s.all[at].who
}

// clear takes a slot back.
func (s *slots) clear(at int32) {
	s.all[at].who = nil
	s.all[at].use++
	s.free = append(s.free, at)
}
