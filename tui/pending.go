package tui

import "slbtui/engine/live"

// pending is a value that was asked for and that no snapshot shows yet.
type pending struct {
	value float64
	acked bool
	seq   uint64 // of the latest snapshot when the engine acknowledged
}

// pendings holds what was last asked of each control, by slot.
type pendings struct {
	slots map[string]pending
	rev   int // grows with every change
}

func (p *pendings) set(slot string, v pending) {
	if p.slots == nil {
		p.slots = map[string]pending{}
	}
	p.slots[slot] = v
	p.rev++
}

func (p *pendings) drop(slot string) {
	delete(p.slots, slot)
	p.rev++
}

// slotOf names the control that a command moves; empty for commands that aren't about a value.
func slotOf(cmd live.Command) string {
	switch c := cmd.(type) {
	case live.SetParam:
		return c.Learner + " " + c.Param
	case live.SetRate:
		return "rate"
	}
	return ""
}

func valueOf(cmd live.Command) float64 {
	switch c := cmd.(type) {
	case live.SetParam:
		return c.Value
	case live.SetRate:
		return c.Rate
	}
	return 0
}

func (p *pendings) expect(cmd live.Command) {
	if slot := slotOf(cmd); slot != "" {
		p.set(slot, pending{value: valueOf(cmd)})
	}
}

// acknowledged notes that the value will be in the next snapshot, or, on an error, that it won't.
// An answer to an earlier value of the same control changes nothing.
func (p *pendings) acknowledged(a ackMsg, seq uint64) {
	slot := slotOf(a.cmd)
	was, ok := p.slots[slot]
	switch {
	case !ok || was.value != valueOf(a.cmd):
	case a.err != nil:
		p.drop(slot)
	default:
		p.set(slot, pending{value: was.value, acked: true, seq: seq})
	}
}

// settle forgets what a snapshot newer than the acknowledgement shows.
func (p *pendings) settle(seq uint64) {
	for slot, v := range p.slots {
		if v.acked && seq > v.seq {
			p.drop(slot)
		}
	}
}

// value returns what was asked of the control that cmd moves, or now.
func (p *pendings) value(cmd live.Command, now float64) float64 {
	if v, ok := p.slots[slotOf(cmd)]; ok {
		return v.value
	}
	return now
}

// shown returns what was asked of the control that cmd moves, and whether anything was.
func (p *pendings) shown(cmd live.Command) (float64, bool) {
	v, ok := p.slots[slotOf(cmd)]
	return v.value, ok
}
