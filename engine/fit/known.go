package fit

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"slbtui/engine/simulate"
)

// Known is a model of servers that nobody has to find out about: the world says what they are like and, in times since the
// log's first request, what they suffered. Its servers are those of the log, in their order. Of the log only the sizes of
// the requests are read. It fails as Fit does where there is too little to see.
func Known(l *Log, world simulate.Scenario) (*Model, error) {
	m, err := begun(l)
	if err != nil {
		return nil, err
	}
	none := make([][]Period, len(l.Servers))
	m.Routed, m.Patience, m.known, m.Discipline = whoRouted(l, none, ""), world.ClientTimeout, &world, Slots
	still := make([][]Period, len(l.Servers))
	for s, v := range world.Servers {
		m.Servers = append(m.Servers, Server{ID: v.ID, ServiceMS: v.BaseDelayMS, Sigma: v.Sigma, Slots: v.Workers, Low: v.Workers, High: v.Workers})
		for _, f := range world.Faults {
			p := Period{From: f.At, To: f.At + f.For, Factor: f.ErrorRate}
			if f.For == 0 {
				p.To = math.MaxInt64
			}
			switch {
			case f.Server != v.ID:
			case f.Stall:
				still[s] = append(still[s], Period{Kind: Stalled, From: p.From, To: p.To})
			case f.ErrorRate > 0:
				p.Kind = Failing
				m.Servers[s].Periods = append(m.Servers[s].Periods, p)
			}
		}
	}
	flows := flows(m.withoutDelays(), still)
	m.Sizes = make([]float64, len(l.Requests))
	known, sizes := make([]bool, len(m.Sizes)), []float64(nil)
	for s := range flows {
		m.Servers[s].Requests, m.Servers[s].InFlight = len(flows[s].start), flows[s].most
		for k, z := range flows[s].sizes(world.Servers[s], world.Faults) {
			if i := flows[s].requests[k]; !math.IsNaN(z) {
				m.Sizes[i], known[i] = max(-maxSize, min(maxSize, z)), true
				sizes = append(sizes, m.Sizes[i])
			}
		}
	}
	m.draw(known, sizes)
	return m, nil
}

// sizes are those with which a server that is like v draws the services of the flow; NaN where one cannot be read.
func (f *flow) sizes(v simulate.Server, faults []simulate.Fault) []float64 {
	x, sizes := newServices(len(f.start)), make([]float64, len(f.start))
	if v.Discipline == simulate.Sharing {
		f.sharing(v.Workers, 0, x)
	} else {
		f.slots(v.Workers, 0, x)
	}
	for i := range sizes {
		switch usual := v.BaseDelayMS / 1000 * slowness(v.ID, faults, x.begun[i]); {
		case !f.legible[i] || x.took[i] <= 0 || usual <= 0:
			sizes[i] = math.NaN()
		case v.Sigma > 0:
			sizes[i] = math.Log(x.took[i]/usual)/v.Sigma + v.Sigma/2
		}
	}
	return sizes
}

// slowness is by how much a server was slower at a time, in seconds.
func slowness(server string, faults []simulate.Fault, at float64) float64 {
	factor := 1.0
	for _, f := range faults {
		if f.Server == server && f.Slow > 0 && at >= f.At.Seconds() && (f.For == 0 || at < (f.At+f.For).Seconds()) {
			factor = f.Slow
		}
	}
	return factor
}

// withoutDelays is the log without what a known delay, which holds no slot, added to each answer.
func (m *Model) withoutDelays() *Log {
	l := *m.Log
	l.Requests = slices.Clone(l.Requests)
	origin := l.Requests[0].Start
	for _, f := range m.known.Faults {
		for i := range l.Requests {
			q := &l.Requests[i]
			if at := q.Start - origin; f.Delay > 0 && m.Servers[q.Server].ID == f.Server && at >= f.At && (f.For == 0 || at < f.At+f.For) {
				q.End = max(q.Start+time.Microsecond, q.End-f.Delay)
			}
		}
	}
	return &l
}

// Worlds are those that the log may come from, the likeliest first: another two, with as few slots as may be and without
// a limit, where those of a server are unknown.
func (m *Model) Worlds() []simulate.Scenario {
	all := []simulate.Scenario{m.scenario(likely)}
	if slices.ContainsFunc(m.Servers, func(s Server) bool { return s.Slots == 0 }) && m.known == nil {
		all = append(all, m.scenario(lowest), m.scenario(endless))
	}
	return all
}

// begun is a model of which nothing is found yet, of a log that there is enough of.
func begun(l *Log) (*Model, error) {
	switch {
	case len(l.Servers) < 2:
		return nil, errors.New("the log has one server: no policy would have made a difference")
	case len(l.Requests) < fewest || succeeded(l) < fewest:
		return nil, fmt.Errorf("the log has %d requests of %d servers, %d succeeded: fewer than %d tell nothing", len(l.Requests), len(l.Servers), succeeded(l), fewest)
	}
	m := &Model{Log: l, Length: l.Requests[len(l.Requests)-1].Start - l.Requests[0].Start + time.Millisecond}
	if m.Length < time.Second {
		return nil, fmt.Errorf("the log is %v long: too short to tell anything", m.Length)
	}
	return m, nil
}
