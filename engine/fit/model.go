package fit

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"slbtui/engine/simulate"
)

// Server is one as the log shows it.
type Server struct {
	ID          string
	Requests    int
	ServiceMS   float64 // mean time that one request takes in the usual regime
	Sigma       float64 // sd of its logarithm
	Slots       int     // served at once; 0 where unknown
	Low, High   int     // 95 % of what they may be; High is 0 where nothing bounds it
	Delay       time.Duration
	QueuedShare float64 // of the requests that had to wait, or to share
	InFlight    int     // at most
	Periods     []Period
	Curve       []Likelihood // of its slots

	likely     int     // slots to simulate where they are unknown; 0: no limit seems likely
	impossible float64 // share of the requests that ended before they can have begun
}

// Model is what was found of a log.
type Model struct {
	Log        *Log
	Routed     Routed
	Discipline Discipline
	Margin     float64 // log likelihood of slots over sharing
	Servers    []Server
	Sizes      []float64 // of each request of the log, standard normal
	Drawn      []bool    // its size is another's, since its service could not be read
	Patience   time.Duration
	Clocks     []Clock       // by balancer; nil where there is one
	Length     time.Duration // from the first request to behind the last

	given Given
	known *simulate.Scenario // nil where it was found out
}

// vague tells whether the log allows numbers of slots that are very unlike.
func (s Server) vague() bool { return vague(s.Slots, s.Low, s.High) }

// Known is how many it serves at once; 0 where nothing tells, or no more than a wide range.
func (s Server) Known() int {
	if s.vague() {
		return 0
	}
	return s.Slots
}

// guess is a number of slots to simulate for a server of which they are unknown: the median of the known ones, at
// least what it was seen to serve.
func (m *Model) guess(s Server) int {
	if s.Slots > 0 {
		return s.Slots
	}
	var known []int
	for _, o := range m.Servers {
		if o.Slots > 0 {
			known = append(known, o.Slots)
		}
	}
	if len(known) == 0 {
		return max(s.Low, s.likely)
	}
	slices.Sort(known)
	return max(s.Low, known[len(known)/2])
}

// mostWorkers is what the lab knows as a limit.
const mostWorkers = 10_000

// bound says which number of slots a simulation takes for servers of which they are unknown.
type bound int

const (
	likely  bound = iota
	lowest        // as few as they may be
	endless       // no limit
)

// Scenario is the world that the log comes from, for the lab and, with ids that a configuration may have, for files.
func (m *Model) Scenario() simulate.Scenario {
	sc := m.scenario(likely)
	ids, taken := map[string]string{}, map[string]bool{}
	for i := range sc.Servers {
		id := identifier(sc.Servers[i].ID)
		if taken[id] || id == "" {
			id = fmt.Sprintf("server%d", i+1)
		}
		ids[sc.Servers[i].ID], taken[id] = id, true
		sc.Servers[i].ID = id
	}
	for i := range sc.Faults {
		sc.Faults[i].Server = ids[sc.Faults[i].Server]
	}
	return sc
}

// identifier makes an id of the name that a log has for a server, which may be an address.
func identifier(name string) string {
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, name)
	return id[max(0, len(id)-64):]
}

func (m *Model) scenario(b bound) simulate.Scenario {
	if m.known != nil {
		sc := *m.known
		sc.Servers, sc.Faults = slices.Clone(sc.Servers), slices.Clone(sc.Faults)
		return sc
	}
	sc := simulate.Scenario{
		Name: "fit", About: "fitted to a log of " + m.Log.Format, Duration: m.Length, ClientTimeout: m.Patience,
		Rate: float64(len(m.Log.Requests)) / m.Length.Seconds(),
	}
	if m.Log.Balancers > 1 {
		sc.Balancers = m.Log.Balancers
	}
	for i, s := range m.Servers {
		v := simulate.Server{ID: s.ID, BaseDelayMS: s.ServiceMS, Sigma: s.Sigma, Workers: s.Slots}
		if m.Routed.Weights != nil {
			v.Weight = m.Routed.Weights[i]
		}
		if m.Discipline == Sharing {
			v.Discipline = simulate.Sharing
		}
		if s.Slots == 0 || s.vague() {
			v.Workers = map[bound]int{likely: m.guess(s), lowest: s.Low, endless: s.High}[b]
		}
		if s.vague() && m.Discipline == Sharing { // so many processors, each of which does as much less
			v.BaseDelayMS *= float64(v.Workers) / float64(s.Slots)
		}
		if v.Workers > mostWorkers {
			v.Workers = 0
		}
		sc.Servers = append(sc.Servers, v)
		if s.Delay > 0 {
			f := simulate.Fault{Server: s.ID}
			f.Delay = s.Delay
			sc.Faults = append(sc.Faults, f)
		}
		for _, p := range s.Periods {
			sc.Faults = append(sc.Faults, p.fault(s.ID))
		}
	}
	return sc
}

func (p Period) fault(server string) simulate.Fault {
	f := simulate.Fault{Server: server, At: p.From, For: p.To - p.From}
	switch p.Kind {
	case Slow:
		f.Slow = min(1000, p.Factor)
	case Failing:
		f.ErrorRate = p.Factor
	case Stalled:
		f.Stall = true
	case Out:
		f.Out = true
	}
	return f
}

// Trace is the requests of the log, for the lab.
func (m *Model) Trace() []simulate.Request {
	trace := make([]simulate.Request, len(m.Log.Requests))
	origin := m.Log.Requests[0].Start
	for i, q := range m.Log.Requests {
		at := q.Start - origin
		trace[i] = simulate.Request{Due: at, Size: m.Sizes[i], Luck: m.luck(i, q, at), Balancer: int(q.Balancer)}
	}
	return trace
}

// luck is below a server's share of failures for what failed there, and above for what did not.
func (m *Model) luck(i int, q Request, at time.Duration) float64 {
	_, u := math.Modf(float64(i+1) * 0.6180339887498949)
	for _, p := range m.Servers[q.Server].Periods {
		if p.Kind != Failing || at < p.From || at >= p.To {
			continue
		}
		if q.Outcome == Failed {
			return u * p.Factor
		}
		return min(math.Nextafter(1, 0), p.Factor+u*(1-p.Factor))
	}
	return u
}
