package orders

import (
	"maps"

	"slbtui/engine/live"
)

// Pending holds what was last asked of each control and no snapshot shows yet. It never changes: whoever
// has drawn one needs to draw again only for another. Nil holds nothing.
type Pending struct {
	slots map[string]asked
}

// asked is a value that was asked for.
type asked struct {
	value float64
	acked bool
	seq   uint64 // of the latest snapshot when the engine acknowledged
}

// Value returns what was asked of the control that cmd moves, or now.
func (p *Pending) Value(cmd live.Command, now float64) float64 {
	if v, ok := p.Shown(cmd); ok {
		return v
	}
	return now
}

// Shown returns what was asked of the control that cmd moves, and whether anything was.
func (p *Pending) Shown(cmd live.Command) (float64, bool) {
	if p == nil {
		return 0, false
	}
	v, ok := p.slots[slotOf(cmd)]
	return v.value, ok
}

// with returns a copy in which slot is v.
func (p *Pending) with(slot string, v asked) *Pending {
	next := &Pending{map[string]asked{slot: v}}
	if p != nil {
		for s, was := range p.slots {
			if s != slot {
				next.slots[s] = was
			}
		}
	}
	return next
}

// without returns a copy without what drop names, or p itself when that is nothing.
func (p *Pending) without(drop func(slot string, v asked) bool) *Pending {
	if p == nil {
		return nil
	}
	left := maps.Clone(p.slots)
	maps.DeleteFunc(left, drop)
	switch len(left) {
	case len(p.slots):
		return p
	case 0:
		return nil
	}
	return &Pending{left}
}

func (p *Pending) expect(cmd live.Command) *Pending {
	if slot := slotOf(cmd); slot != "" {
		return p.with(slot, asked{value: valueOf(cmd)})
	}
	return p
}

// acknowledged notes that the value will be in the next snapshot, or, on an error, that it won't.
// An answer to an earlier value of the same control changes nothing.
func (p *Pending) acknowledged(a Ack, seq uint64) *Pending {
	slot := slotOf(a.Cmd)
	was, ok := p.Shown(a.Cmd)
	switch {
	case !ok || was != valueOf(a.Cmd):
		return p
	case a.Err != nil:
		return p.without(func(s string, _ asked) bool { return s == slot })
	}
	return p.with(slot, asked{value: was, acked: true, seq: seq})
}

// settle forgets what a snapshot newer than the acknowledgement shows.
func (p *Pending) settle(seq uint64) *Pending {
	return p.without(func(_ string, v asked) bool { return v.acked && seq > v.seq })
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
