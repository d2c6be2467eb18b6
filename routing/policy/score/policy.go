package score

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"

	"slbtui/routing/policy"
)

// Spec describes the policy of that name that goes by the expression.
func (e *Expression) Spec(name string) policy.Spec {
	return policy.Spec{
		Name:      name,
		Summary:   "the server with the lowest " + e.text,
		Source:    "policies." + name + " of the configuration",
		LoadBlind: !e.Reads("in_flight", "oldest_age_ms"),
		New:       func(o policy.Options) policy.Policy { return e.policy(name, o) },
	}
}

func (e *Expression) policy(name string, o policy.Options) policy.Policy {
	p := &scored{name: name, expression: e, measures: e.measures(), servers: o.Servers, warn: o.Warn, rng: policy.NewRand(o.Seed)}
	if e.Reads("response_ms") {
		return reader{p}
	}
	return p
}

// scored takes the server with the lowest score, ties at random. It keeps what it has seen of each server.
//
// Where the score reads what only answers tell, a server that has not answered yet comes first, with one
// request at a time: more would pile up on a server of which nothing is known, should it be a slow one.
// A score that is no number is the worst; the first one is told to Options.Warn.
type scored struct {
	name       string
	expression *Expression
	measures   bool
	servers    []policy.ServerInfo
	warn       func(name, text string)

	mu     sync.Mutex
	rng    *rand.Rand
	seen   []record
	sight  sight // scratch of a decision
	warned bool
}

// reader is a scored one that reads response_ms.
type reader struct{ *scored }

// ReadsResponses implements policy.ResponseReader.
func (reader) ReadsResponses() {}

// Name is the one given in the configuration.
func (p *scored) Name() string { return p.name }

// rank orders servers: the lower class, then the lower score.
type rank struct {
	class class
	score float64
}

type class int

const (
	unmeasured class = iota // nothing is known, and nothing in flight: find out
	ranked                  // by the expression
	asked                   // nothing is known, and finding out has begun
	nonsense                // its score is not a number
)

func (r rank) below(other rank) bool {
	return r.class < other.class || r.class == other.class && r.score < other.score
}

// Pick takes the server of the lowest rank.
func (p *scored) Pick(v policy.View) (int, policy.Token) {
	server, flaw := p.choose(v)
	if flaw != "" && p.warn != nil {
		p.warn(p.name, flaw)
	}
	return server, policy.Token{Server: server, At: v.Now}
}

// choose returns the server, and once what is wrong with the score.
func (p *scored) choose(v policy.View) (server int, flaw string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.seen) != len(v.Servers) {
		p.seen = make([]record, len(v.Servers))
	}
	server = policy.NoServer
	var lowest rank
	ties := 0
	for i := range v.Servers {
		if !v.Servers[i].Available {
			continue
		}
		p.sight = sight{now: v.Now, view: &v.Servers[i], seen: &p.seen[i], id: p.id(i)}
		r := p.rank(&p.sight)
		if r.class == nonsense && !p.warned {
			p.warned, flaw = true, p.flaw(&p.sight)
		}
		switch {
		case server == policy.NoServer || r.below(lowest):
			server, lowest, ties = i, r, 1
		case !lowest.below(r):
			if ties++; p.rng.IntN(ties) == 0 {
				server = i
			}
		}
	}
	if server != policy.NoServer {
		p.seen[server].picked = v.Now
	}
	p.sight = sight{} // views are not kept
	return server, flaw
}

func (p *scored) rank(s *sight) rank {
	if p.measures && !s.seen.known {
		if s.view.InFlight <= 0 {
			return rank{class: unmeasured}
		}
		return rank{asked, float64(s.view.InFlight)}
	}
	score := p.expression.score(s)
	if math.IsNaN(score) {
		return rank{class: nonsense}
	}
	return rank{ranked, score}
}

func (p *scored) id(server int) string {
	if server < len(p.servers) {
		return p.servers[server].ID
	}
	return ""
}

// flaw says of which values the score is no number.
func (p *scored) flaw(s *sight) string {
	var with []string
	for _, v := range p.expression.reads {
		switch {
		case v.read.number != nil:
			with = append(with, fmt.Sprintf("%s %.6g", v.Name, v.read.number(s)))
		case v.read.truth != nil:
			with = append(with, fmt.Sprintf("%s %t", v.Name, v.read.truth(s)))
		}
	}
	return fmt.Sprintf("the score of %s is not a number, with %s: it counts as the worst (said once)", s.id, strings.Join(with, ", "))
}

// Done takes note of what became of the request.
func (p *scored) Done(t policy.Token, o policy.Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t.Server < 0 || t.Server >= len(p.seen) || o.Latency < 0 || !o.Failed() && !o.Measured() {
		return
	}
	p.seen[t.Server].add(o)
}
