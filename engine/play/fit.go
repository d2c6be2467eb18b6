package play

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
)

// Limits are what a run can play.
type Limits struct {
	Servers  []config.Server
	Loaded   bool    // the load is the run's own
	Replayed bool    // and a recording
	MaxRate  float64 // requests/s
}

// Infos lists the built-in scenarios, and which of them the run can play.
func (l Limits) Infos() []live.ScenarioInfo {
	all := simulate.Scenarios()
	out := make([]live.ScenarioInfo, len(all))
	for i, sc := range all {
		out[i] = live.ScenarioInfo{Name: sc.Name, About: sc.About}
		if _, err := l.Fit(sc); err != nil {
			out[i].Refused = err.Error()
		}
	}
	return out
}

// Fit turns a scenario into the same one on the servers of this run: what happens to its first
// server happens to ours, and a load is a fraction of what ours can do. It refuses a scenario whose
// point is its servers, unless ours are the same.
func (l Limits) Fit(sc simulate.Scenario) (simulate.Scenario, error) {
	if !l.Loaded {
		return sc, errors.New("a scenario needs the built-in load, and traffic comes from elsewhere")
	}
	if l.Replayed {
		return sc, errors.New("a recording is being replayed, with its own requests and faults: start slbtui without --replay")
	}
	if sc.Balancers > 1 || sc.HealthAge > 0 {
		return sc, fmt.Errorf("%s needs what only virtual time has; run: slbtui simulate --scenario %s", sc.Name, sc.Name)
	}
	if used := sc.Uses(); len(used) > 0 {
		return sc, fmt.Errorf("%s needs %s, which the console cannot play; run: slbtui experiment --scenario %s, or simulate", sc.Name, used[0], sc.Name)
	}
	ours := Simulated(l.Servers)
	if len(ours) < len(l.Servers) || len(ours) == 0 {
		return sc, fmt.Errorf("%s needs simulated servers only; run: slbtui simulate --scenario %s", sc.Name, sc.Name)
	}
	if !sc.Typical() && !slices.EqualFunc(sc.Servers, ours, sameSpeed) {
		return sc, fmt.Errorf("%s has servers of its own (%s); run: slbtui experiment --scenario %s, or simulate", sc.Name, speeds(sc.Servers), sc.Name)
	}
	faults := slices.Clone(sc.Faults)
	for i := range faults {
		n := slices.IndexFunc(sc.Servers, func(s simulate.Server) bool { return s.ID == faults[i].Server })
		if n >= len(ours) {
			return sc, fmt.Errorf("%s needs %d servers, and there are %d; run: slbtui simulate --scenario %s", sc.Name, n+1, len(ours), sc.Name)
		}
		faults[i].Server = ours[n].ID
	}
	sc.Servers, sc.Faults = ours, faults
	if rate := sc.MeanRate(); rate > l.MaxRate {
		return sc, fmt.Errorf("%s: a load of %g on these servers is %.3g requests/s, more than %g", sc.Name, sc.Load, rate, l.MaxRate)
	}
	return sc, nil
}

// Simulated are those servers of a configuration that are this program's, as a scenario knows them.
func Simulated(servers []config.Server) []simulate.Server {
	var out []simulate.Server
	for _, s := range servers {
		if s.URL == "" {
			out = append(out, simulate.Server{ID: s.ID, BaseDelayMS: s.BaseDelayMS, Workers: s.Workers, Sigma: s.Sigma, Weight: s.Weight, Zone: s.Zone})
		}
	}
	return out
}

func sameSpeed(a, b simulate.Server) bool {
	return a.BaseDelayMS == b.BaseDelayMS && a.Workers == b.Workers && a.Sigma == b.Sigma
}

// speeds describes servers by their number, or by their delays when they are few.
func speeds(servers []simulate.Server) string {
	const few = 4
	if len(servers) > few {
		return fmt.Sprintf("%d of them", len(servers))
	}
	words := make([]string, len(servers))
	for i, s := range servers {
		words[i] = fmt.Sprintf("%.3g", s.BaseDelayMS)
	}
	return strings.Join(words, ", ") + " ms"
}
