package simulate

import (
	"fmt"
	"time"

	"slbtui/backends/fault"
)

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
