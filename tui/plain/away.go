package plain

import (
	"cmp"
	"fmt"
	"time"

	"slbtui/engine/live"
)

// away is what was last said of an engine that runs in another process. The zero value has said nothing.
type away struct {
	name    string    // of the balancer
	started time.Time // its run
	lost    bool
}

// greet says what there is to see.
func (p *speaker) greet(s *live.Snapshot) {
	if st := s.Steering; st != nil {
		p.say(fmt.Sprintf("slbtui in front of %s, %d servers; type help for the commands, show steering for the weights, quit to end", cmp.Or(st.Process, "HAProxy"), len(s.Servers)))
		return
	}
	if s.Link == nil {
		p.say(fmt.Sprintf("slbtui, seed %d, proxy on http://%s, %d servers; type help for the commands, quit to end", s.Seed, s.Listen, len(s.Servers)))
		return
	}
	p.say(fmt.Sprintf("slbtui, attached to %s, proxy on %s, %d servers; type help for the commands, quit to end (the balancer runs on)", s.Link.Name, s.Listen, len(s.Servers)))
}

// link says what is new of the connection, and tells whether the picture is of now. The events of before it are not
// said.
func (p *speaker) link(s *live.Snapshot) (now bool) {
	l := s.Link
	if l == nil {
		return true
	}
	is := away{l.Name, s.Started, !l.Lost.IsZero()}
	before := p.away
	if p.away = is; is == before {
		return !is.lost
	}
	switch {
	case is.lost:
		p.say("connection lost: " + l.Why + "; it is asked again and again")
		return false
	case before.lost && is.name == before.name:
		p.say("connection back")
	case before.name != "" && is.name != before.name:
		p.greet(s)
	}
	if !is.started.Equal(before.started) {
		if n := len(s.Events); n > 0 {
			p.shown = s.Events[n-1].Number
		}
		if before.name == is.name {
			p.say("the balancer was started anew: show events says what has happened")
		}
	}
	return true
}
