package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"slbtui/engine/live"
	"slbtui/engine/simulate"
)

// scenarioInfos lists the built-in scenarios, and which of them this run can play.
func (e *Engine) scenarioInfos() []live.ScenarioInfo {
	all := simulate.Scenarios()
	out := make([]live.ScenarioInfo, len(all))
	for i, sc := range all {
		out[i] = live.ScenarioInfo{Name: sc.Name, About: sc.About}
		if _, err := e.adapt(sc); err != nil {
			out[i].Refused = err.Error()
		}
	}
	return out
}

// adapt turns a scenario into the same one on the servers of this run: what happens to its first
// server happens to ours, and a load is a fraction of what ours can do. It refuses a scenario whose
// point is its servers, unless ours are the same.
func (e *Engine) adapt(sc simulate.Scenario) (simulate.Scenario, error) {
	if e.load == nil {
		return sc, errors.New("a scenario needs the built-in load, and traffic comes from elsewhere")
	}
	if sc.Balancers > 1 || sc.HealthAge > 0 {
		return sc, fmt.Errorf("%s needs what only virtual time has; run: slbtui simulate --scenario %s", sc.Name, sc.Name)
	}
	ours := e.simulatedServers()
	if len(ours) < len(e.cfg.Servers) {
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
	if rate := sc.MeanRate(); rate > maxRate {
		return sc, fmt.Errorf("%s: a load of %g on these servers is %.3g requests/s, more than %d", sc.Name, sc.Load, rate, maxRate)
	}
	return sc, nil
}

// simulatedServers are those of this program, as a scenario knows them.
func (e *Engine) simulatedServers() []simulate.Server {
	var out []simulate.Server
	for _, s := range e.cfg.Servers {
		if s.URL == "" {
			out = append(out, simulate.Server{ID: s.ID, BaseDelayMS: s.BaseDelayMS, Workers: s.Workers, Sigma: s.Sigma, Weight: s.Weight})
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

// scenarioNamed finds a scenario and adapts it.
func (e *Engine) scenarioNamed(name string) (simulate.Scenario, error) {
	sc, err := simulate.Lookup(name)
	if err != nil {
		return sc, err
	}
	return e.adapt(sc)
}
