package routing

import "time"

// Poll is the result of one health poll.
type Poll struct {
	Answered bool    // an HTTP response arrived
	Good     bool    // with a status that counts as such
	CPU      float64 // percent, -1 when not reported
	Said     string  // the server's own word for its health, "" when it has none
	Reason   string  // why it is not good
}

// healthState decides from polls and refused requests whether a server is in use. It is pure.
//
// A server starts up: a balancer that answers 503 until the first poll surprises its users. But
// it is up on credit: until a first poll succeeds, one failure takes it out, whatever Fall says.
type healthState struct {
	up        bool
	proven    bool // a poll has succeeded, or the server was taken out once
	reachable bool // the last poll or request got through
	rises     int  // successes in a row while down
	falls     int  // failed polls in a row while up
	refusals  int  // requests in a row that got no connection; each counts as a failed poll
	since     time.Duration
	cpu       float64
	said      string
}

func newHealthState() healthState {
	return healthState{up: true, reachable: true, cpu: -1}
}

// checked takes in a poll and tells whether up changed.
func (s *healthState) checked(now time.Duration, c Poll, cfg HealthConfig) bool {
	s.reachable, s.cpu, s.said = c.Answered, c.CPU, c.Said
	if !c.Good {
		s.rises = 0
		s.falls++
		return s.fall(now, cfg)
	}
	s.proven = true
	s.falls, s.refusals = 0, 0
	if s.up {
		return false
	}
	s.rises++
	if s.rises < cfg.Rise {
		return false
	}
	s.turn(now, true)
	return true
}

// refused takes in a request that got no connection and tells whether up changed. While the
// server is out it is ignored: it was sent before.
func (s *healthState) refused(now time.Duration, cfg HealthConfig) bool {
	if !s.up {
		return false
	}
	s.reachable = false
	s.refusals++
	return s.fall(now, cfg)
}

func (s *healthState) fall(now time.Duration, cfg HealthConfig) bool {
	if !s.up || s.proven && s.falls+s.refusals < cfg.Fall {
		return false
	}
	s.turn(now, false)
	return true
}

func (s *healthState) turn(now time.Duration, up bool) {
	s.up, s.proven, s.since = up, true, now
	s.rises, s.falls, s.refusals = 0, 0, 0
}
