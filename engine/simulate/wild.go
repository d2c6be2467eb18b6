package simulate

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"slbtui/backends/fault"
	"slbtui/loadgen"
)

const wildPrefix = "wild:"

// WildScenario draws a world as they are outside laboratories, where RandomScenario draws those of ours.
// Who knew the truth could serve everybody, or nearly.
//
//	servers      3-20, base delay log-uniform 20-200 ms, 1-8 workers; all lognormal with one sigma of
//	             0.1-2, or, in one world of five, all Pareto with one exponent of 1.3-3; in one of four
//	             they share their workers (discipline: sharing)
//	arrivals     Poisson; steady, bursts, sine (amplitude 0.2-0.8, period 20-60 s) or ramp; in one of eight
//	             a herd of 50-500 on top
//	classes      none in two of five; else dear ones (2-20 % of the requests take 3-30 times as long as the
//	             others, the mean is kept), events (the answers of 5-20 % stream for 5-60 s) or downloads
//	             (2-10 %, 5-60 s, whole)
//	faults       0-2, each on a server of its own: a restart of 2-5 s, out of rotation for 2-25 s, or what
//	             RandomScenario draws
//	refusals     in one of eight one more server answers 404 to all but 1/s; in another one of eight every
//	             server has a limit, together 1.3-2 times what has to be served (429 or 503)
//	load         0.2-0.8, but at most 0.85 of what is left while the faults last
//	ejection     in half of them
//	balancers    one in half of them, else 2-16, and half of those share every 50 ms to 1 s
//	patience     10 s in three of four, else 2, 5 or 30 s
func WildScenario(seed uint64) Scenario {
	rng := rand.New(rand.NewPCG(seed, streamWild))
	sc := Scenario{Name: fmt.Sprintf("%s%d", wildPrefix, seed), Duration: time.Minute, Servers: wildServers(rng)}
	sc.Arrivals.Shape = wildShape(rng)
	if oneIn(rng, 8) {
		sc.Herd = 50 + rng.IntN(451)
	}
	sc.Classes = wildClasses(rng)
	left := wildTrouble(rng, &sc)
	sc.Load = min(0.2+0.6*rng.Float64(), 0.85*left)
	if oneIn(rng, 8) {
		wildLimits(rng, &sc, left)
	}
	if oneIn(rng, 2) {
		sc.Ejection = DefaultEjection()
	}
	if oneIn(rng, 2) {
		sc.Balancers = 2 + rng.IntN(15)
		if oneIn(rng, 2) {
			sc.ShareEvery = time.Duration(50+rng.IntN(951)) * time.Millisecond
		}
	}
	if oneIn(rng, 4) {
		sc.ClientTimeout = []time.Duration{2 * time.Second, 5 * time.Second, 30 * time.Second}[rng.IntN(3)]
	}
	sc.About = fmt.Sprintf("%d servers, load %.2f, %d classes, %d faults, %d balancers",
		len(sc.Servers), sc.Load, max(1, len(sc.Classes)), len(sc.Faults), max(1, sc.Balancers))
	return sc
}

func oneIn(rng *rand.Rand, n int) bool { return rng.IntN(n) == 0 }

// between draws evenly.
func between(rng *rand.Rand, low, high float64) float64 { return low + (high-low)*rng.Float64() }

func wildServers(rng *rand.Rand) []Server {
	like := Server{Sigma: between(rng, 0.1, 2)}
	if oneIn(rng, 5) {
		like = Server{Pareto: between(rng, 1.3, 3)}
	}
	if oneIn(rng, 4) {
		like.Discipline = Sharing
	}
	servers := alike(3+rng.IntN(18), like)
	for i := range servers {
		servers[i].BaseDelayMS = 20 * exp10(rng.Float64())
		servers[i].Workers = 1 + rng.IntN(8)
	}
	return servers
}

func wildShape(rng *rand.Rand) loadgen.Shape {
	if oneIn(rng, 4) {
		return loadgen.Sine{Amplitude: between(rng, 0.2, 0.8), Period: time.Duration(20+rng.IntN(41)) * time.Second}
	}
	return randomShape(rng)
}

func wildClasses(rng *rand.Rand) []Class {
	hold := time.Duration(5+rng.IntN(56)) * time.Second
	switch rng.IntN(5) {
	case 0:
		share, times := between(rng, 0.02, 0.2), between(rng, 3, 30)
		cheap := 1 / (1 - share + share*times)
		return []Class{{Share: 1 - share, Factor: cheap}, {Share: share, Factor: cheap * times}}
	case 1:
		share := between(rng, 0.05, 0.2)
		return []Class{{Share: 1 - share, Factor: 1}, {Share: share, Factor: 1, Hold: hold}}
	case 2:
		share := between(rng, 0.02, 0.1)
		return []Class{{Share: 1 - share, Factor: 1}, {Share: share, Factor: 1, Hold: hold, Whole: true}}
	}
	return nil
}

// wildTrouble draws the faults and the misdeployed server, and returns the share of the capacity that
// none of them touches.
func wildTrouble(rng *rand.Rand, sc *Scenario) (left float64) {
	whole := sc.Capacity()
	left = whole
	faults := rng.IntN(min(3, len(sc.Servers)-1))
	misdeployed := oneIn(rng, 8)
	for n, i := range rng.Perm(len(sc.Servers))[:faults+1] {
		s := &sc.Servers[i]
		switch {
		case n < faults:
			sc.Faults = append(sc.Faults, wildFault(rng, s.ID))
		case misdeployed:
			s.Limit, s.LimitStatus = 1, http.StatusNotFound
		default:
			continue
		}
		left -= s.capacity()
	}
	return left / whole
}

func wildFault(rng *rand.Rand, server string) Fault {
	f := randomFault(rng, server)
	switch rng.IntN(6) {
	case 0, 1:
		f.Fault, f.For = fault.Fault{Crash: true}, time.Duration(2+rng.IntN(4))*time.Second
	case 2:
		f.Fault, f.Out = fault.Fault{}, true
	}
	return f
}

// wildLimits gives every server a limit by what it can do.
func wildLimits(rng *rand.Rand, sc *Scenario, left float64) {
	room := between(rng, 1.3, 2) * sc.MeanRate() / (left * sc.Capacity())
	status := []int{0, 0, 0, http.StatusServiceUnavailable}[rng.IntN(4)]
	for i := range sc.Servers {
		if s := &sc.Servers[i]; s.Limit == 0 {
			s.Limit, s.LimitStatus = room*s.capacity(), status
		}
	}
}
