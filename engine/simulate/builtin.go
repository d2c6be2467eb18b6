package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"slbtui/backends/fault"
	"slbtui/loadgen"
)

// trio is the three servers of most scenarios: capacity 173.3 requests/s.
func trio() []Server {
	return []Server{
		{ID: "server1", BaseDelayMS: 50, Workers: 4, Sigma: 0.3},
		{ID: "server2", BaseDelayMS: 75, Workers: 4, Sigma: 0.3},
		{ID: "server3", BaseDelayMS: 100, Workers: 4, Sigma: 0.3},
	}
}

func alike(n int, like Server) []Server {
	servers := make([]Server, n)
	for i := range servers {
		servers[i] = like
		servers[i].ID = "server" + strconv.Itoa(i+1)
	}
	return servers
}

// unlike draws n servers from a fixed seed: base delay uniform 20-200 ms, 2-8 workers.
func unlike(n int) []Server {
	rng := rand.New(rand.NewPCG(uint64(n), streamScenario))
	servers := alike(n, Server{Sigma: 0.3})
	for i := range servers {
		servers[i].BaseDelayMS = 20 + 180*rng.Float64()
		servers[i].Workers = 2 + rng.IntN(7)
	}
	return servers
}

// steady is a minute of the trio under a load.
func steady(name, about string, load float64, faults ...Fault) Scenario {
	return Scenario{Name: name, About: about, Duration: time.Minute, Load: load, Servers: trio(), Faults: faults}
}

func aged(name string, age time.Duration) Scenario {
	sc := steady(name, fmt.Sprintf("slow5x with health reports %v old", age), 0.5,
		Fault{Server: "server1", At: 20 * time.Second, For: 20 * time.Second, Fault: fault.Fault{Slow: 5}})
	sc.HealthAge = age
	return sc
}

func sideBySide(n int) Scenario {
	sc := steady("balancers"+strconv.Itoa(n), fmt.Sprintf("load .6, dealt to %d balancers that do not know of each other", n), 0.6)
	sc.Balancers = n
	return sc
}

func unlikeServers(n int) Scenario {
	return Scenario{Name: "unlike" + strconv.Itoa(n), About: fmt.Sprintf("%d unlike servers at load .7", n),
		Duration: time.Minute, Load: 0.7, Servers: unlike(n)}
}

// pulses slows server1 x20 for 2 s every 10 s.
func pulses() []Fault {
	var faults []Fault
	for at := 10 * time.Second; at < time.Minute; at += 10 * time.Second {
		faults = append(faults, Fault{Server: "server1", At: at, For: 2 * time.Second, Fault: fault.Fault{Slow: 20}})
	}
	return faults
}

// creep slows server1 by a tenth more every 2 s from 10 s on, to x5.
func creep() []Fault {
	const steps = 17 // 1.1^17 is 5.05
	var faults []Fault
	for i := range steps {
		faults = append(faults, Fault{Server: "server1", At: time.Duration(10+2*i) * time.Second, Fault: fault.Fault{Slow: 1.1}})
	}
	return faults
}

// Scenarios returns the built-in scenarios in the order of a report. The slice is the caller's.
func Scenarios() []Scenario {
	const s = time.Second
	seed := Scenario{Name: "seed", About: "unlimited workers, 10 requests/s", Duration: 100 * s, Rate: 10, Servers: trio()}
	for i := range seed.Servers {
		seed.Servers[i].Workers, seed.Servers[i].Sigma = 0, 0.1
	}
	burst := steady("burst", "load .5 on average, 2.2 times that for one second in four", 0.5)
	burst.Arrivals.Shape = loadgen.DefaultBurst()
	trap := steady("trap", "server1 answers in 10 ms, but half its answers are errors", 0,
		Fault{Server: "server1", Fault: fault.Fault{ErrorRate: 0.5}})
	trap.Servers[0].BaseDelayMS, trap.Rate = 10, 60 // the other two can serve 93/s
	return append([]Scenario{
		seed,
		steady("steady60", "load .6", 0.6),
		steady("steady80", "load .8", 0.8),
		steady("slow5x", "load .5, server1 five times slower from 20 s to 40 s", 0.5,
			Fault{Server: "server1", At: 20 * s, For: 20 * s, Fault: fault.Fault{Slow: 5}}),
		burst,
		{Name: "heavytail10", About: "10 equal servers, sigma 1, load .8", Duration: time.Minute, Load: 0.8,
			Servers: alike(10, Server{BaseDelayMS: 50, Workers: 2, Sigma: 1})},
		{Name: "identical3", About: "3 equal servers, load .7", Duration: time.Minute, Load: 0.7,
			Servers: alike(3, Server{BaseDelayMS: 75, Workers: 4, Sigma: 0.3})},
		steady("blackhole", "load .4, server1 fails at once from 20 s to 40 s", 0.4,
			Fault{Server: "server1", At: 20 * s, For: 20 * s, Fault: fault.Fault{ErrorRate: 1}}),
		steady("deadstart", "load .4, server1 fails at once from 0 s to 40 s", 0.4,
			Fault{Server: "server1", For: 40 * s, Fault: fault.Fault{ErrorRate: 1}}),
		steady("pulses", "load .5, server1 twenty times slower for 2 s in every 10 s", 0.5, pulses()...),
		steady("creep", "load .5, server1 a tenth slower every 2 s from 10 s on, to five times", 0.5, creep()...),
		steady("stall", "load .5, server1 answers nothing from 20 s to 25 s", 0.5,
			Fault{Server: "server1", At: 20 * s, For: 5 * s, Fault: fault.Fault{Stall: true}}),
		steady("flaky20", "load .4, a fifth of server1's answers are errors from 20 s to 40 s", 0.4,
			Fault{Server: "server1", At: 20 * s, For: 20 * s, Fault: fault.Fault{ErrorRate: 0.2}}),
		trap,
		steady("crash", "load .4, server1 is gone from 20 s to 40 s", 0.4,
			Fault{Server: "server1", At: 20 * s, For: 20 * s, Fault: fault.Fault{Crash: true}}),
		steady("coldjoin", "load .4, server1 joins at 20 s", 0.4,
			Fault{Server: "server1", For: 20 * s, Fault: fault.Fault{Crash: true}}),
		steady("swap", "load .5, server1 and server3 change speeds at 30 s", 0.5,
			Fault{Server: "server1", At: 30 * s, Fault: fault.Fault{Slow: 2}}, Fault{Server: "server3", At: 30 * s, Fault: fault.Fault{Slow: 0.5}}),
		aged("stale0", 0),
		aged("stale01", 100*time.Millisecond),
		aged("stale1", s),
		aged("stale5", 5*s),
		sideBySide(2),
		sideBySide(4),
		unlikeServers(3),
		unlikeServers(10),
		unlikeServers(30),
		unlikeServers(100),
	}, append(worldly(), zonal()...)...)
}

// drawn are the scenarios that a seed makes, by the prefix of their names.
var drawn = map[string]func(seed uint64) Scenario{randomPrefix: RandomScenario, wildPrefix: WildScenario}

// Lookup returns the built-in scenario of that name, or the one drawn for "random:SEED" or "wild:SEED".
func Lookup(name string) (Scenario, error) {
	if prefix, digits, ok := cutPrefix(name); ok {
		seed, err := strconv.ParseUint(digits, 10, 64)
		if err != nil {
			return Scenario{}, fmt.Errorf("scenario %q: %q is not a seed; use %s and a whole number, such as %s7", name, digits, prefix, prefix)
		}
		return drawn[prefix](seed), nil
	}
	var names []string
	for _, sc := range Scenarios() {
		if sc.Name == name {
			return sc, nil
		}
		names = append(names, sc.Name)
	}
	return Scenario{}, fmt.Errorf("no scenario %q; there are %s, %sSEED and %sSEED", name, strings.Join(names, ", "), randomPrefix, wildPrefix)
}

// LookupRange returns the scenarios drawn for "random:FROM-TO" or "wild:FROM-TO"; for every other name, the one
// that Lookup returns.
func LookupRange(name string) ([]Scenario, error) {
	prefix, digits, ok := cutPrefix(name)
	from, to, several := strings.Cut(digits, "-")
	if !ok || !several {
		sc, err := Lookup(name)
		return []Scenario{sc}, err
	}
	a, errA := strconv.ParseUint(from, 10, 64)
	b, errB := strconv.ParseUint(to, 10, 64)
	if errA != nil || errB != nil || b < a || b-a >= maxDrawn {
		return nil, fmt.Errorf("scenario %q: want %sFROM-TO, such as %s1-50", name, prefix, prefix)
	}
	var out []Scenario
	for seed := a; seed <= b; seed++ {
		out = append(out, drawn[prefix](seed))
	}
	return out, nil
}

// maxDrawn is how many scenarios one name may stand for.
const maxDrawn = 10_000

func cutPrefix(name string) (prefix, rest string, ok bool) {
	for prefix := range drawn {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return prefix, rest, true
		}
	}
	return "", "", false
}

// Typical tells whether the servers are the usual three, so that the scenario is about what happens
// and not about whom it happens to: it makes sense on other servers too.
func (s Scenario) Typical() bool {
	return slices.EqualFunc(s.Servers, trio(), func(a, b Server) bool { return a.BaseDelayMS == b.BaseDelayMS })
}

// worldly are the scenarios of what real traffic has and a laboratory's has not: answers that stream,
// servers that refuse, requests of two kinds, tails without a variance, deployments, a fleet of balancers.
func worldly() []Scenario {
	const s = time.Second
	return []Scenario{
		{Name: "streams", About: "load .5, 5 % of the answers are downloads of 30 s on average, heard of at their end", Duration: 180 * s, Load: 0.5,
			Servers: trio(), Classes: []Class{{Share: 0.95, Factor: 1}, {Share: 0.05, Factor: 1, Hold: 30 * s, Whole: true}}},
		refusals(),
		{Name: "mixed", About: "6 equal servers, load .5, nine requests in ten are cheap (x.2) and one is dear (x10)", Duration: 120 * s, Load: 0.5,
			Servers: alike(6, Server{BaseDelayMS: 50, Workers: 2, Sigma: 0.3}),
			Classes: []Class{{Share: 0.9, Factor: 0.2}, {Share: 0.1, Factor: 10}}, Blind: true},
		pareto15(),
		rolling(),
		fleet(16),
	}
}

// refusals is three remote APIs: fast whatever their load, and 429 above 40 requests/s each.
func refusals() Scenario {
	sc := Scenario{Name: "refusals", About: "unlimited workers, 90 requests/s, each server refuses what is above 40/s at once (429)",
		Duration: time.Minute, Rate: 90, Servers: trio()}
	for i := range sc.Servers {
		sc.Servers[i].Workers, sc.Servers[i].Limit = 0, 40
	}
	return sc
}

func pareto15() Scenario {
	sc := Scenario{Name: "pareto", About: "6 unlike servers, load .6, Pareto service times of exponent 1.5", Duration: 2 * time.Minute, Load: 0.6,
		Servers: alike(6, Server{Workers: 4, Pareto: 1.5})}
	for i, ms := range []float64{30, 50, 70, 90, 120, 160} {
		sc.Servers[i].BaseDelayMS = ms
	}
	return sc
}

// rolling is a deployment: each server in turn is gone for 4 s.
func rolling() Scenario {
	sc := Scenario{Name: "rolling", About: "150 requests/s, each server in turn gone for 4 s; ejection and slow start",
		Duration: time.Minute, Rate: 150, Servers: trio(), Ejection: DefaultEjection()}
	for i := range sc.Servers {
		sc.Servers[i].Workers = 8
		sc.Faults = append(sc.Faults, Fault{Server: sc.Servers[i].ID, At: time.Duration(15*(i+1)) * time.Second, For: 4 * time.Second,
			Fault: fault.Fault{Crash: true}})
	}
	return sc
}

// fleet is n balancers before twelve servers, four times the usual three.
func fleet(n int) Scenario {
	sc := Scenario{Name: fmt.Sprintf("balancers%d", n), About: fmt.Sprintf("12 servers, load .7, dealt to %d balancers that do not know of each other", n),
		Duration: time.Minute, Load: 0.7, Balancers: n, Servers: alike(12, Server{Workers: 4, Sigma: 0.3})}
	for i := range sc.Servers {
		sc.Servers[i].BaseDelayMS = trio()[i%3].BaseDelayMS
	}
	return sc
}
