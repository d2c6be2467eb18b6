package policy

import (
	"math/rand/v2"
	"sync"
)

var randomSpec = Spec{
	Name:      "random",
	Summary:   "any server",
	LoadBlind: true,
	New:       newRandom,
}

// random takes any available server, each with the same probability: the yardstick that needs
// to know nothing at all.
type random struct {
	mu  sync.Mutex
	rng *rand.Rand
}

func newRandom(o Options) Policy { return &random{rng: NewRand(o.Seed)} }

// Name is "random".
func (*random) Name() string { return "random" }

// Pick draws a server.
func (p *random) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	server := oneAvailable(p.rng, v)
	return server, Token{Server: server, At: v.Now}
}

// Done has nothing to learn.
func (*random) Done(Token, Outcome) {}
