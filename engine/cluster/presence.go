package cluster

import (
	"time"

	"slbtui/engine/live"
)

// presence is what each replica says of itself, once a second.
type presence struct {
	Replica  string         `json:"replica"`
	Run      string         `json:"run"` // another with each start
	Stamp    time.Time      `json:"stamp"`
	Stopped  bool           `json:"stopped,omitempty"` // it is the last
	Alone    bool           `json:"alone,omitempty"`   // what is ordered there holds there only
	Program  string         `json:"program"`
	Listen   string         `json:"listen"`
	Policy   string         `json:"policy"`
	Rate     float64        `json:"rate_per_second"`
	P95MS    float64        `json:"p95_ms"`
	Failed   float64        `json:"failed_share"`
	Through  uint64         `json:"through"` // the revision up to which it knows all orders
	InFlight map[string]int `json:"in_flight,omitempty"`
	Streams  map[string]int `json:"streaming,omitempty"` // of those, the ones whose answer has begun and goes on
}

// ourPresence is that of the replica that s is of.
func ourPresence(s *live.Snapshot) presence {
	p := presence{
		Program: s.Program, Listen: s.Listen, Policy: s.Policy, Rate: s.Load.Served, P95MS: s.Now.P95MS,
		InFlight: make(map[string]int, len(s.Servers)), Streams: map[string]int{},
	}
	if s.Now.Requests > 0 {
		p.Failed = float64(s.Now.Failures) / float64(s.Now.Requests)
	}
	for i := range s.Servers {
		if n := s.Servers[i].InFlight; n > 0 {
			p.InFlight[s.Servers[i].ID] = n
		}
		if n := s.Servers[i].Streaming; n > 0 {
			p.Streams[s.Servers[i].ID] = n
		}
	}
	return p
}
