package simulate

import (
	"strconv"
	"time"

	"slbtui/backends/fault"
)

// zonal are the scenarios of a fleet in several zones: a balancer each, and servers as its customers do not need
// them, so that some zones have too few for themselves.
func zonal() []Scenario {
	const s = time.Second
	lost := zones3("zonelost", "zones3 at load .5; zone b has no servers from 20 s to 40 s", 0.5)
	lost.Faults = lost.ofZone("b", Fault{At: 20 * s, For: 20 * s, Fault: fault.Fault{Crash: true}})
	cut := zones3("zonecut", "zones3 at load .5; nothing gets through between zones a and c from 20 s to 40 s", 0.5)
	cut.Faults = []Fault{{At: 20 * s, For: 20 * s, Cut: PairOf("a", "c")}}
	return []Scenario{
		zones3("zones3", "8 servers in 3 zones 40, 60 and 80 ms apart, a balancer each, load .65; zone c has too few for itself", 0.65),
		zones9(),
		lost,
		cut,
	}
}

// zones3 is the usual three servers in two zones, and two of them in a third.
func zones3(name, about string, load float64) Scenario {
	sc := Scenario{Name: name, About: about, Duration: time.Minute, Load: load, Balancers: 3,
		Zones: []string{"a", "b", "c"},
		ZoneRTT: map[ZonePair]time.Duration{
			PairOf("a", "b"): 60 * time.Millisecond, PairOf("a", "c"): 40 * time.Millisecond, PairOf("b", "c"): 80 * time.Millisecond,
		}}
	sc.Servers = append(append(trio(), trio()...), trio()[1:]...)
	for i := range sc.Servers {
		sc.Servers[i].ID, sc.Servers[i].Zone = "server"+strconv.Itoa(i+1), sc.Zones[i/3]
	}
	return sc
}

// zones9 is three regions of three zones, two unlike servers in each: 2 ms to the next zone, 60 ms or more to the
// next region.
func zones9() Scenario {
	regions := []string{"ap", "eu", "us"}
	between := map[ZonePair]time.Duration{
		PairOf("ap", "eu"): 160 * time.Millisecond, PairOf("ap", "us"): 120 * time.Millisecond, PairOf("eu", "us"): 60 * time.Millisecond,
	}
	sc := Scenario{Name: "zones9", About: "18 servers in 9 zones of 3 regions, 2 ms between zones, 60 to 160 ms between regions, a balancer each, load .7",
		Duration: time.Minute, Load: 0.7, Balancers: 9, ZoneRTT: map[ZonePair]time.Duration{}}
	for i := range 9 {
		sc.Zones = append(sc.Zones, regions[i/3]+strconv.Itoa(i%3+1))
		for j, a := range sc.Zones[:i] {
			rtt := 2 * time.Millisecond
			if i/3 != j/3 {
				rtt = between[PairOf(regions[j/3], regions[i/3])]
			}
			sc.ZoneRTT[PairOf(a, sc.Zones[i])] = rtt
		}
	}
	sc.Servers = alike(18, Server{Workers: 4, Sigma: 0.3})
	for i := range sc.Servers {
		sc.Servers[i].BaseDelayMS, sc.Servers[i].Zone = trio()[i%3].BaseDelayMS, sc.Zones[i/2]
	}
	return sc
}
