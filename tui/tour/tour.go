// Package tour is the strip that leads through the first minutes: five steps that tick themselves off by what the
// engine shows. It asks for nothing, takes no key, and has no goroutine.
package tour

import (
	"strconv"
	"time"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// Tour is how far one is. The zero value is at its beginning.
type Tour struct {
	done   [many]bool
	begun  time.Duration // of the run; 0 before it was first looked at
	allAt  time.Duration // of the run, when the last step was done
	ticked bool          // all of them are
}

// step is one thing to do, said at length and in a word, and what shows that it was done.
type step struct {
	key, long, brief string
	done             func(since time.Duration, s *live.Snapshot) bool // the tour began
}

// How long round robin is watched, and how long the last words stay.
const (
	watching = 8 * time.Second
	parting  = 15 * time.Second
)

// many is how many steps there are; toLearner is the one to the stronger learner.
const (
	many      = 5
	toLearner = 3
)

var steps = [many]step{
	{"", "watch SHARE: round robin gives every server as much, also the slow ones", "watch the shares", func(since time.Duration, s *live.Snapshot) bool {
		return since >= watching && s.Now.Requests > 0
	}},
	{"t", "lets a learner route: who gets more, and does p95 fall?", "RL routes", func(_ time.Duration, s *live.Snapshot) bool {
		l := words.Learner(s)
		return l != nil && l.Routing
	}},
	{"s enter", "slows the selected server: does the learner notice?", "slow one", func(_ time.Duration, s *live.Snapshot) bool {
		for i := range s.Servers {
			if s.Servers[i].Fault.Slow > 1 {
				return true
			}
		}
		return false
	}},
	{"T", "chooses another learner: q_factored learns what each server takes at each load", "q_factored", func(_ time.Duration, s *live.Snapshot) bool {
		l := words.Learner(s)
		return l != nil && l.Name == s.RL && l.Table.Kind != "joint"
	}},
	{"w", "what would each policy make of this? A minute of it in a second", "what if", func(_ time.Duration, s *live.Snapshot) bool {
		return s.WhatIf != nil
	}},
}

// Possible tells whether there is something to lead through: a load, a learner, and a server that can be slowed down.
func Possible(s *box.Sight) bool {
	if s.ReadOnly || !s.Snap.Load.Enabled || words.Learner(s.Snap) == nil {
		return false
	}
	for i := range s.Snap.Servers {
		if s.Snap.Servers[i].Simulated {
			return true
		}
	}
	return false
}

// Look ticks off what was done, and tells whether the tour is over: some time after its last step.
func (t *Tour) Look(s *live.Snapshot) (over bool) {
	if t.begun == 0 {
		t.begun = max(s.At, 1)
	}
	all := true
	for i := range steps {
		t.done[i] = t.done[i] || steps[i].done(s.At-t.begun, s)
		all = all && t.done[i]
	}
	if all && !t.ticked {
		t.ticked, t.allAt = true, s.At
	}
	return t.ticked && s.At-t.allAt >= parting
}

// next is the step to do, -1 when all are done.
func (t *Tour) next() int {
	for i, done := range t.done {
		if !done {
			return i
		}
	}
	return -1
}

// Line is the strip, exactly w cells wide: what was done, what is next, and what comes then, as far as there is room.
func (t *Tour) Line(s *box.Sight, w int) string {
	th := s.Theme
	end := th.Key.On("esc") + th.Dim.On(" ends the tour")
	at := t.next()
	if at < 0 {
		return format.Fit(" "+th.Good.On(th.Glyphs.Tick+" the tour is done")+th.Dim.On("; ? has all keys, :tour begins again"), w)
	}
	long := " " + th.Dim.On(strconv.Itoa(at+1)+"/"+strconv.Itoa(many)) + " " + t.said(s, at)
	var done, then string
	for i := range steps {
		switch {
		case t.done[i]:
			done += " " + th.Good.On(th.Glyphs.Tick) + th.Dim.On(steps[i].brief) + " "
		case i > at:
			then += th.Dim.On("  " + strconv.Itoa(i+1) + " ")
			if steps[i].key != "" {
				then += th.Key.On(steps[i].key) + " "
			}
			then += th.Dim.On(steps[i].brief)
		}
	}
	for _, line := range []string{done + long + then, long + then, long} {
		if ansi.StringWidth(line)+ansi.StringWidth(end)+3 <= w {
			return format.Fit(line, w-ansi.StringWidth(end)-1) + end + " "
		}
	}
	return format.Fit(ansi.Truncate(long, w, th.Glyphs.Ellipsis), w)
}

// said is a step at length. Where the learner that routes is the weaker one under what it has been asked to notice, the
// step to another one says why.
func (t *Tour) said(s *box.Sight, at int) string {
	th, step := s.Theme, &steps[at]
	if l := words.Learner(s.Snap); at == toLearner && l != nil && l.Table.Kind == "joint" {
		return th.Bold.On(l.Name+" sees low, medium, high only: late to notice. ") + th.Key.On("T") + th.Bold.On(" offers q_factored")
	}
	if step.key == "" {
		return th.Bold.On(step.long)
	}
	return th.Bold.On("press ") + th.Key.On(step.key) + th.Bold.On(": "+step.long)
}
