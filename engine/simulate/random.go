package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"slbtui/loadgen"
)

const randomPrefix = "random:"

// RandomScenario draws a scenario: a policy tuned on named scenarios is tested on unnamed ones.
//
//	servers   2-12, base delay log-uniform 20-200 ms, 1-8 workers, one sigma of 0.1-1
//	load      0.3-0.85, but at most 0.9 of what is left while the faults last
//	arrivals  Poisson; steady, bursts, sine or ramp
//	faults    0-3, each on a server of its own: slow x2-x20, errors 5-100 %, stall, crash, delay
//	health    0, 0.1, 1 or 5 s old; one balancer in two of three, else two or three
func RandomScenario(seed uint64) Scenario {
	rng := rand.New(rand.NewPCG(seed, streamScenario))
	sc := Scenario{Name: fmt.Sprintf("%s%d", randomPrefix, seed), Duration: time.Minute}
	sc.Servers = alike(2+rng.IntN(11), Server{Sigma: 0.1 + 0.9*rng.Float64()})
	for i := range sc.Servers {
		sc.Servers[i].BaseDelayMS = 20 * exp10(rng.Float64())
		sc.Servers[i].Workers = 1 + rng.IntN(8)
	}
	sc.Load = 0.3 + 0.55*rng.Float64()
	sc.Arrivals.Shape = randomShape(rng)
	left := sc.Capacity()
	whole := left
	faults := min(rng.IntN(4), len(sc.Servers)-1)
	for _, i := range rng.Perm(len(sc.Servers))[:faults] {
		sc.Faults = append(sc.Faults, randomFault(rng, sc.Servers[i].ID))
		left -= sc.Servers[i].capacity()
	}
	sc.Load = min(sc.Load, 0.9*left/whole)
	sc.HealthAge = []time.Duration{0, 100 * time.Millisecond, time.Second, 5 * time.Second}[rng.IntN(4)]
	sc.Balancers = []int{1, 1, 1, 1, 2, 3}[rng.IntN(6)]
	sc.About = fmt.Sprintf("%d servers, load %.2f, %d faults", len(sc.Servers), sc.Load, faults)
	return sc
}

func randomShape(rng *rand.Rand) loadgen.Shape {
	switch rng.IntN(6) {
	case 0:
		return loadgen.Burst{High: 1.5 + rng.Float64(), On: time.Second, Period: 4 * time.Second}
	case 1:
		return loadgen.Sine{Amplitude: 0.2 + 0.3*rng.Float64(), Period: 20 * time.Second}
	case 2:
		return loadgen.Ramp{From: 0.7, To: 1.3, Over: time.Minute}
	}
	return loadgen.Steady{}
}

func randomFault(rng *rand.Rand, server string) Fault {
	f := Fault{Server: server, At: time.Duration(5+rng.IntN(40)) * time.Second}
	f.For = time.Duration(2+rng.IntN(24)) * time.Second
	switch rng.IntN(6) {
	case 0:
		f.ErrorRate = 0.05 + 0.95*rng.Float64()
	case 1:
		f.Stall = true
	case 2:
		f.Crash = true
	case 3:
		f.Delay = time.Duration(50+rng.IntN(450)) * time.Millisecond
	default:
		f.Slow = 2 * exp10(rng.Float64())
	}
	return f
}

func exp10(x float64) float64 { return math.Pow(10, x) }
