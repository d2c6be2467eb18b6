package policy

import (
	"math/rand/v2"
	"sync"
)

var p2cSpec = Spec{
	Name:    "p2c",
	Summary: "the less busy of two random servers",
	Source:  "Mitzenmacher 1996",
	New:     newP2C,
}

// p2c draws two different servers and takes the one with fewer requests in flight, on a tie any
// of them. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 1996.
type p2c struct {
	mu  sync.Mutex
	rng *rand.Rand
}

func newP2C(o Options) Policy { return &p2c{rng: NewRand(o.Seed)} }

// Name is "p2c".
func (*p2c) Name() string { return "p2c" }

// Pick compares two servers. They come in random order, so a tie needs no second draw.
func (p *p2c) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	server, other := twoAvailable(p.rng, v)
	if other != NoServer && v.Servers[other].InFlight < v.Servers[server].InFlight {
		server = other
	}
	return server, Token{Server: server, At: v.Now}
}

// Done has nothing to learn.
func (*p2c) Done(Token, Outcome) {}
