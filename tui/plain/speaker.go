package plain

import (
	"fmt"
	"io"
	"time"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
	"slbtui/tui/orders"
	"slbtui/tui/theme"
)

// speaker says what is new, and does what it is told.
type speaker struct {
	engine   live.Engine
	sight    box.Sight // what there is to say; while frozen, Snap stays
	frozen   bool
	orders   orders.Queue
	readOnly bool // the user wants it so
	away     away
	question *dialog.Confirm // that the next line answers, nil when there is none

	out      io.Writer
	err      error // of writing: nobody listens any more
	over     bool  // the user has quit
	interval time.Duration
	due      time.Time         // of the next line
	shown    uint64            // number of the last event said
	servers  map[string]spoken // what was last said of each
	asked    string            // the view of a what-if that is said when it is done; "" for none
}

func newSpeaker(e live.Engine, out io.Writer, o Options) *speaker {
	if o.Interval == 0 {
		o.Interval = DefaultInterval
	}
	starting := &live.Snapshot{State: "starting"}
	return &speaker{engine: e, out: out, interval: o.Interval, sight: box.Sight{
		Snap: starting, Latest: starting, Theme: theme.New(theme.Named(""), "ascii"), Place: box.Only, ReadOnly: o.ReadOnly, Window: time.Minute,
	}, readOnly: o.ReadOnly}
}

// say writes one line, free of anything that a terminal would obey.
func (p *speaker) say(text string) {
	if _, err := io.WriteString(p.out, format.Printable(ansi.Strip(text))+"\n"); err != nil && p.err == nil {
		p.err = fmt.Errorf("plain text: %w", err)
	}
}

// take looks at a snapshot, nil for none.
func (p *speaker) take(snap *live.Snapshot) {
	if snap != nil {
		p.sight.Latest = snap
	}
	p.sight.ReadOnly = p.readOnly || p.sight.Latest.Link != nil && p.sight.Latest.Link.ReadOnly != ""
	p.orders.Settle(p.sight.Latest.Seq)
	p.sight.Asked = p.orders.Asked()
	if !p.frozen {
		p.sight.Snap = p.sight.Latest
	}
}

// frame says what is new in a snapshot, and tells whether it was the first.
func (p *speaker) frame(at time.Time, snap *live.Snapshot) (first bool) {
	p.take(snap)
	s := p.sight.Snap
	if s.Seq == 0 {
		return false
	}
	if first = p.servers == nil; first {
		p.servers = map[string]spoken{}
		p.greet(s)
		p.due = at.Add(p.interval)
	}
	if w := predicted(p.asked, p.sight.Latest); w != nil && w.State != live.WhatIfRunning {
		p.show(p.asked)
		p.asked = ""
	}
	if p.frozen {
		return first
	}
	if !p.link(s) {
		return first
	}
	p.events(s.Events)
	if !at.Before(p.due) {
		p.due = at.Add(p.interval)
		p.say(sentence(&p.sight) + p.changes())
	}
	return first
}

// events says each event once, and how many are lost.
func (p *speaker) events(all []live.Event) {
	for i := range all {
		e := &all[i]
		if e.Number <= p.shown {
			continue
		}
		if lost := e.Number - p.shown - 1; lost > 0 {
			p.say(fmt.Sprintf("%d more events went by unseen", lost))
		}
		p.shown = e.Number
		p.say(fmt.Sprintf("%s event %d, %s: %s", format.Clock(e.At), e.Number, e.Kind, e.Text))
	}
}
