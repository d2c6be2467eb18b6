package experiment

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"slbtui/backends"
	"slbtui/engine/simulate"
	"slbtui/loadgen"
)

// virtualOnly are the keys of a scenario that real HTTP cannot play.
var virtualOnly = []simulate.Key{simulate.KeyBalancers, simulate.KeyShareEvery, simulate.KeyHealthAge, simulate.KeyOut,
	simulate.KeyZoneRTT, simulate.KeyCut}

// unplayable returns the first key of the scenario that real HTTP cannot play, or "".
func unplayable(sc simulate.Scenario) simulate.Key {
	for _, key := range sc.Uses() {
		if slices.Contains(virtualOnly, key) {
			return key
		}
	}
	return ""
}

// bring gives a request along what belongs to it, for the server that it will reach.
func bring(q simulate.Request, h http.Header) {
	set := func(name string, value float64) { h.Set(name, strconv.FormatFloat(value, 'g', -1, 64)) }
	set(backends.SizeHeader, q.Size)
	set(backends.LuckHeader, q.Luck)
	if q.Factor != 0 {
		set(backends.FactorHeader, q.Factor)
	}
	if q.Hold > 0 {
		set(backends.HoldHeader, float64(q.Hold)/float64(time.Millisecond))
	}
	if q.Whole {
		h.Set(backends.WholeHeader, "1")
	}
}

// until is what clients wait for: the beginning of an answer, where there is a difference.
func until(trace []simulate.Request) loadgen.Until {
	if slices.ContainsFunc(trace, func(q simulate.Request) bool { return q.Hold > 0 }) {
		return loadgen.AnswerBegin
	}
	return loadgen.AnswerEnd
}

// backend makes a simulated server what it is in the scenario, as far as no configuration says so.
func (p Plan) backend(cfg *backends.Config) {
	i := slices.IndexFunc(p.Scenario.Servers, func(s simulate.Server) bool { return s.ID == cfg.ID })
	s := &p.Scenario.Servers[i]
	cfg.Pareto, cfg.Sharing = s.Pareto, s.Discipline == simulate.Sharing
	cfg.Limit, cfg.LimitStatus = s.Limit, s.LimitStatus
}
