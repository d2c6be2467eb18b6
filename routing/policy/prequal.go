package policy

import (
	"math/rand/v2"
	"slices"
	"sync"
)

const (
	// prequalQuantile of the recent in-flight counts is the limit above which a server is hot:
	// the paper's Q_RIF, for which it finds 0.6 to 0.9 good.
	prequalQuantile = 0.84
	// prequalWindow is how many recent counts the quantile is taken from.
	prequalWindow = 128
)

var prequalSpec = Spec{
	Name:    "prequal",
	Summary: "the lowest latency among servers not hot, else the fewest requests in flight",
	Source:  "Wydrowski et al., NSDI 2024",
	New:     newPrequal,
}

// prequal takes the cold server with the lowest latency, or the one with the fewest requests in
// flight when all are hot (the hot-cold lexicographic rule): latency decides until load does.
// Wydrowski, Kleinberg, Rumble and Archer, "Load is not what you should balance: Introducing
// Prequal", NSDI 2024.
//
// The paper's balancers probe servers that many others use as well. This one sees all the
// traffic, so its own in-flight counts and latencies take the place of the probes, and all
// servers that of the probe pool. The paper's guard against servers that fail fast is left out.
type prequal struct {
	mu     sync.Mutex
	rng    *rand.Rand
	recent [prequalWindow]int // in-flight counts, a ring
	next   int                // slot of the ring
	sorted []int              // the same counts in order
}

func newPrequal(o Options) Policy {
	return &prequal{rng: NewRand(o.Seed), sorted: make([]int, 0, prequalWindow)}
}

// Name is "prequal".
func (*prequal) Name() string { return "prequal" }

// ReadsResponses implements ResponseReader.
func (*prequal) ReadsResponses() {}

// Pick adds the count of one server, drawn at random, to the recent ones, and applies the rule.
func (p *prequal) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	sample := oneAvailable(p.rng, v)
	if sample == NoServer {
		return NoServer, Token{Server: NoServer, At: v.Now}
	}
	p.add(v.Servers[sample].InFlight)
	limit := p.sorted[int(prequalQuantile*float64(len(p.sorted)))]
	cold, coolest := newLowest(), newLowest()
	for i := range v.Servers {
		s := &v.Servers[i]
		if !s.Available {
			continue
		}
		coolest.offer(p.rng, i, float64(s.InFlight))
		if s.InFlight <= limit {
			cold.offer(p.rng, i, s.ResponseMS)
		}
	}
	server := cold.server
	if server == NoServer {
		server = coolest.server
	}
	return server, Token{Server: server, At: v.Now}
}

// add puts a count in the place of the oldest.
func (p *prequal) add(inFlight int) {
	if len(p.sorted) == prequalWindow {
		at, _ := slices.BinarySearch(p.sorted, p.recent[p.next])
		p.sorted = slices.Delete(p.sorted, at, at+1)
	}
	at, _ := slices.BinarySearch(p.sorted, inFlight)
	p.sorted = slices.Insert(p.sorted, at, inFlight)
	p.recent[p.next] = inFlight
	p.next = (p.next + 1) % prequalWindow
}

// Done has nothing to learn: the view brings the latencies.
func (*prequal) Done(Token, Outcome) {}
