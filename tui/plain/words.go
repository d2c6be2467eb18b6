package plain

import (
	"fmt"
	"math"
	"strings"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/command"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// spoken is what was last said of a server.
type spoken struct {
	state, fault string
	share        float64
}

const (
	shareMoved  = 0.05 // of the traffic: less is not worth a word
	mostServers = 8    // in a line
)

// sentence says how things are, without the servers.
func sentence(sight *box.Sight) string {
	s := sight.Snap
	parts := []string{words.Mode(s)}
	if s.State != "running" {
		parts = append(parts, string(s.State))
	}
	if l := words.Learner(s); l != nil {
		if epsilon, ok := sight.Param(l, "epsilon"); ok {
			parts = append(parts, "epsilon "+epsilon)
		}
	}
	parts = append(parts, spokenRate(&s.Load))
	if s.Now.Requests > 0 {
		parts = append(parts, "p50 "+format.Millis(s.Now.P50MS), "p95 "+format.Millis(s.Now.P95MS), "errors "+words.Failed(s))
	} else {
		parts = append(parts, "no answers in the last 5 s")
	}
	if s.Replay != nil {
		parts = append(parts, words.Replay(s.Replay))
	}
	if play := s.Scenario; play != nil {
		parts = append(parts, fmt.Sprintf("scenario %s at %s of %s", play.Name, format.Clock(play.Elapsed), format.Clock(play.Duration)))
	}
	return format.Clock(s.At) + " " + strings.Join(parts, ", ")
}

func spokenRate(load *live.Load) string {
	if !load.Enabled {
		return format.Rate(load.Served) + " requests/s"
	}
	text := format.Rate(load.Served) + " of " + format.Rate(load.Rate) + " requests/s"
	switch {
	case load.Finished:
		text += " (load done)"
	case load.Paused:
		text += " (load paused)"
	case load.Lagging:
		text += " (machine too busy)"
	}
	return text
}

// changes says which servers are not what they were when last spoken of.
func (p *speaker) changes() string {
	var text []string
	for i := range p.sight.Snap.Servers {
		s := &p.sight.Snap.Servers[i]
		was, known := p.servers[s.ID]
		now := spoken{string(s.State), words.Fault(s.Fault), format.Finite(s.Share)}
		if known && was.state == now.state && was.fault == now.fault && math.Abs(was.share-now.share) < shareMoved {
			continue
		}
		if len(text) < mostServers { // the others are still news in the next line
			p.servers[s.ID] = now
		}
		text = append(text, spokenServer(s))
	}
	return listed(text)
}

// everyServer is said when it is asked for.
func everyServer(s *live.Snapshot) string {
	var words []string
	for i := range s.Servers {
		words = append(words, spokenServer(&s.Servers[i]))
	}
	return listed(words)
}

func listed(words []string) string {
	if len(words) == 0 {
		return ""
	}
	if more := len(words) - mostServers; more > 0 {
		words = append(words[:mostServers:mostServers], fmt.Sprintf("and %d more", more))
	}
	return "; " + strings.Join(words, ", ")
}

func spokenServer(s *live.Server) string {
	text := s.ID + " " + string(s.State) + " " + format.Percent(s.Share)
	if fault := words.Fault(s.Fault); fault != "" {
		text += " (" + fault + ")"
	}
	return text
}

// help lists the commands; status and show are only of use where there are no panes.
func (p *speaker) help() {
	p.say("status: how things are now; an empty line asks the same")
	p.say("show WHAT: a pane in words: " + strings.Join(viewNames(), ", "))
	for _, v := range command.Usable(&p.sight) {
		if !v.Visual() {
			p.say(v.Usage() + ": " + v.Help)
		}
	}
}
