package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"slbtui/engine/live"
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
func (m *Model) sentence() string {
	s := m.snap
	parts := []string{words.Mode(m.snap)}
	if s.State != "running" {
		parts = append(parts, string(s.State))
	}
	if l := m.learner(); l != nil {
		if epsilon, ok := m.param(l, "epsilon"); ok {
			parts = append(parts, "epsilon "+epsilon)
		}
	}
	parts = append(parts, m.spokenRate())
	if s.Now.Requests > 0 {
		parts = append(parts, "p50 "+format.Millis(s.Now.P50MS), "p95 "+format.Millis(s.Now.P95MS), "errors "+format.Percent1(1-successRate(s)))
	} else {
		parts = append(parts, "no answers in the last 5 s")
	}
	if play := s.Scenario; play != nil {
		parts = append(parts, fmt.Sprintf("scenario %s at %s of %s", play.Name, format.Clock(play.Elapsed), format.Clock(play.Duration)))
	}
	return format.Clock(s.At) + " " + strings.Join(parts, ", ")
}

func (m *Model) spokenRate() string {
	load := &m.snap.Load
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
		text += " (the generator lags)"
	}
	return text
}

// changes says which servers are not what they were when last spoken of.
func (p *speaker) changes() string {
	var text []string
	for i := range p.m.snap.Servers {
		s := &p.m.snap.Servers[i]
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
func (m *Model) everyServer() string {
	var words []string
	for i := range m.snap.Servers {
		words = append(words, spokenServer(&m.snap.Servers[i]))
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
	for _, v := range p.m.usableVerbs() {
		if !slices.Contains(visual, v.name) {
			p.say(v.usage() + ": " + v.help)
		}
	}
}
