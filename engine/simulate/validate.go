package simulate

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/strictyaml"
)

// Limits of a scenario, so that a mistyped number is an error and not a machine that swaps.
const (
	maxServers       = 1000
	maxBalancers     = 64
	maxDuration      = 24 * time.Hour
	maxRequests      = 5_000_000 // expected in one run
	maxHerd          = 100_000
	maxClientTimeout = 10 * time.Minute // beyond it a request is not even counted as in flight
	minShareEvery    = time.Millisecond
	minPareto        = 1.01
)

// Validate says what is wrong with the scenario, as "key: problem"; nil when Run can run it.
func (s Scenario) Validate() error {
	if s.Duration <= 0 || s.Duration > maxDuration {
		return problem("duration", "%v is not above 0s, at most %v", s.Duration, maxDuration)
	}
	if len(s.Servers) == 0 || len(s.Servers) > maxServers {
		return problem("servers", "%d is not a number of servers (1-%d)", len(s.Servers), maxServers)
	}
	known := map[string]bool{}
	for i, v := range s.Servers {
		if err := v.validate(); err != nil {
			return under(fmt.Sprintf("servers[%d]", i), err)
		}
		if known[v.ID] {
			return problem(fmt.Sprintf("servers[%d].id", i), "%q is there twice", v.ID)
		}
		known[v.ID] = true
	}
	zones := s.allZones()
	for i, f := range s.Faults {
		if err := f.validate(known, zones); err != nil {
			return under(fmt.Sprintf("faults[%d]", i), err)
		}
	}
	if err := s.validateZones(); err != nil {
		return err
	}
	if err := s.validateClasses(); err != nil {
		return err
	}
	if err := s.validateBalancers(); err != nil {
		return err
	}
	if s.ClientTimeout < 0 || s.ClientTimeout > maxClientTimeout {
		return problem("client_timeout", "%v is not within 0-%v (0 is %v)", s.ClientTimeout, maxClientTimeout, DefaultClientTimeout)
	}
	if s.Herd < 0 || s.Herd > maxHerd {
		return problem("herd", "%d is not a number of requests (0-%d)", s.Herd, maxHerd)
	}
	if s.HealthAge < 0 || s.HealthAge > time.Hour {
		return problem("health_age", "%v is not within 0-1h", s.HealthAge)
	}
	if s.Arrivals.Shape != nil {
		if err := s.Arrivals.Shape.Validate(); err != nil {
			return under("arrivals", err)
		}
	}
	return s.validateRate()
}

func (s Scenario) validateBalancers() error {
	switch {
	case s.Balancers < 0 || s.Balancers > maxBalancers:
		return problem("balancers", "%d is not a number of balancers (1-%d)", s.Balancers, maxBalancers)
	case s.ShareEvery == 0:
		return nil
	case s.ShareEvery < minShareEvery || s.ShareEvery > time.Minute:
		return problem("share_every", "%v is not within %v-1m", s.ShareEvery, minShareEvery)
	case s.Balancers < 2:
		return problem("share_every", "one balancer has nobody to tell: give balancers, 2 or more")
	}
	return nil
}

func (s Scenario) validateRate() error {
	switch {
	case (s.Rate != 0) == (s.Load != 0):
		return problem("rate", "give either rate (requests/s) or load (fraction of the capacity)")
	case s.Load != 0 && !(s.Load > 0 && s.Load <= 10):
		return problem("load", "%v is not above 0, at most 10", s.Load)
	case s.Load != 0 && math.IsInf(s.Capacity(), 1):
		return problem("load", "a server with unlimited workers has no capacity to take a fraction of; use rate")
	case s.Rate != 0 && !(s.Rate > 0 && s.Rate <= 1e6):
		return problem("rate", "%v is not above 0, at most 1e6 requests/s", s.Rate)
	case s.MeanRate()*s.Duration.Seconds() > maxRequests:
		return problem("rate", "%.3g requests/s for %v are more than %d requests", s.MeanRate(), s.Duration, maxRequests)
	}
	return nil
}

func (v Server) validate() error {
	switch {
	case v.ID == "":
		return problem("id", "is missing")
	case !(v.BaseDelayMS > 0 && v.BaseDelayMS <= 60_000):
		return problem("base_delay_ms", "%v is not above 0, at most 60000", v.BaseDelayMS)
	case v.Workers < 0 || v.Workers > 10_000:
		return problem("workers", "%d is not within 0-10000 (0 is unlimited)", v.Workers)
	case !(v.Sigma >= 0 && v.Sigma <= 3):
		return problem("sigma", "%v is not within 0-3", v.Sigma)
	case !(v.Weight >= 0 && v.Weight <= 1000):
		return problem("weight", "%v is not within 0-1000", v.Weight)
	case v.Pareto != 0 && !(v.Pareto >= minPareto && v.Pareto <= 100):
		return problem("pareto", "%v is not an exponent within %v-100: at 1 there is no mean", v.Pareto, minPareto)
	case v.Discipline != Slots && v.Discipline != Sharing:
		return problem("discipline", "%q is no queue discipline (allowed: slots, sharing)", v.Discipline)
	}
	return v.validateLimit()
}

func (f Fault) validate(servers map[string]bool, zones []string) error {
	kinds := 0
	for k := range fault.Kinds {
		if f.Has(k) {
			kinds++
		}
	}
	if f.Out {
		kinds++
	}
	if f.Cut != (ZonePair{}) {
		kinds++
	}
	switch {
	case f.Cut != (ZonePair{}) && f.Server != "":
		return problem("cut", "is between zones, and server is %q: leave one of them out", f.Server)
	case f.Cut != (ZonePair{}) && f.Cut.validate(zones) != nil:
		return problem("cut", "%v", f.Cut.validate(zones))
	case f.Cut == (ZonePair{}) && !servers[f.Server]:
		return problem("server", "no server has the id %q", f.Server)
	case f.At < 0 || f.At > maxDuration:
		return problem("at", "%v is not within 0-%v", f.At, maxDuration)
	case f.For < 0 || f.For > maxDuration:
		return problem("for", "%v is not within 0-%v (0 is for good)", f.For, maxDuration)
	case kinds != 1:
		return problem("server", "a fault is one of slow, errors, stall, crash, delay_ms, out, cut, not %d of them", kinds)
	case f.Slow != 0 && !(f.Slow > 0 && f.Slow <= 1000):
		return problem("slow", "%v is not a factor above 0, at most 1000", f.Slow)
	case !(f.ErrorRate >= 0 && f.ErrorRate <= 1):
		return problem("errors", "%v is not a share within 0-1", f.ErrorRate)
	case f.Delay < 0 || f.Delay > time.Minute:
		return problem("delay_ms", "%v is not within 0-60000", float64(f.Delay)/float64(time.Millisecond))
	}
	return nil
}

// problem is one with a key of a scenario, such as servers[1].sigma; the parser can tell its line.
func problem(key, format string, args ...any) error {
	return &strictyaml.Problem{Path: key, Text: fmt.Sprintf(format, args...)}
}

// under moves a problem below key.
func under(key string, err error) error {
	var inner *strictyaml.Problem
	if errors.As(err, &inner) {
		return &strictyaml.Problem{Path: strictyaml.Join(key, inner.Path), Text: inner.Text}
	}
	return &strictyaml.Problem{Path: key, Text: err.Error()}
}

// Key is a key of a scenario that not everybody who plays one can play.
type Key string

// The keys that Uses knows.
const (
	KeyBalancers     Key = "balancers"
	KeyShareEvery    Key = "share_every"
	KeyHealthAge     Key = "health_age"
	KeyHerd          Key = "herd"
	KeyClasses       Key = "classes"
	KeyClientTimeout Key = "client_timeout"
	KeyPareto        Key = "pareto"
	KeyDiscipline    Key = "discipline"
	KeyLimit         Key = "limit"
	KeyOut           Key = "out"
	KeyZoneRTT       Key = "zone_rtt"
	KeyCut           Key = "cut"
)

// Uses lists those of the keys above that make a difference in the scenario, in their order.
func (s Scenario) Uses() []Key {
	server := func(has func(Server) bool) bool { return slices.ContainsFunc(s.Servers, has) }
	var used []Key
	for _, k := range []struct {
		key Key
		is  bool
	}{
		{KeyBalancers, s.Balancers > 1},
		{KeyShareEvery, s.ShareEvery > 0},
		{KeyHealthAge, s.HealthAge > 0},
		{KeyHerd, s.Herd > 0},
		{KeyClasses, len(s.Classes) > 0},
		{KeyClientTimeout, s.ClientTimeout > 0},
		{KeyPareto, server(func(v Server) bool { return v.Pareto > 0 })},
		{KeyDiscipline, server(func(v Server) bool { return v.Discipline != Slots })},
		{KeyLimit, server(func(v Server) bool { return v.Limit > 0 })},
		{KeyOut, slices.ContainsFunc(s.Faults, func(f Fault) bool { return f.Out })},
		{KeyZoneRTT, s.far()},
		{KeyCut, slices.ContainsFunc(s.Faults, func(f Fault) bool { return f.Cut != ZonePair{} })},
	} {
		if k.is {
			used = append(used, k.key)
		}
	}
	return used
}
