package policy

import (
	"math/rand/v2"
	"slices"
)

// NewRand returns a policy's own source of randomness.
func NewRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

func countAvailable(v View) int {
	n := 0
	for i := range v.Servers {
		if v.Servers[i].Available {
			n++
		}
	}
	return n
}

// nthAvailable returns the available server before which there are n others.
func nthAvailable(v View, n int) int {
	for i := range v.Servers {
		if !v.Servers[i].Available {
			continue
		}
		if n == 0 {
			return i
		}
		n--
	}
	return NoServer
}

// oneAvailable returns any available server, each with the same probability.
func oneAvailable(rng *rand.Rand, v View) int {
	n := countAvailable(v)
	if n == 0 {
		return NoServer
	}
	return nthAvailable(v, rng.IntN(n))
}

// twoAvailable returns two different available servers in random order, each pair with the same
// probability. With a single one the second is NoServer, with none both are.
func twoAvailable(rng *rand.Rand, v View) (a, b int) {
	n := countAvailable(v)
	switch n {
	case 0:
		return NoServer, NoServer
	case 1:
		return nthAvailable(v, 0), NoServer
	}
	i, j := rng.IntN(n), rng.IntN(n-1)
	if j >= i {
		j++
	}
	return nthAvailable(v, i), nthAvailable(v, j)
}

// drawAvailable appends up to most different available servers to into: all of them, in order, where there are no more
// servers than that, else as many drawn at random, each with the same probability. It looks at few more
// servers than it draws, as long as most of them are available.
func drawAvailable(rng *rand.Rand, v View, most int, into []int) []int {
	if len(v.Servers) > most {
		for range 3 * most {
			i := rng.IntN(len(v.Servers))
			if v.Servers[i].Available && !slices.Contains(into, i) {
				if into = append(into, i); len(into) == most {
					return into
				}
			}
		}
		into = into[:0] // few are available, or luck was bad: look at all
	}
	for i, seen := 0, 0; i < len(v.Servers); i++ {
		if !v.Servers[i].Available {
			continue
		}
		if seen++; len(into) < most {
			into = append(into, i)
		} else if at := rng.IntN(seen); at < most {
			into[at] = i // reservoir sampling: Vitter's algorithm R
		}
	}
	return into
}

// lowest keeps the server with the lowest score of those it is shown, ties at random.
type lowest struct {
	server int
	score  float64
	ties   int
}

func newLowest() lowest { return lowest{server: NoServer} }

func (l *lowest) offer(rng *rand.Rand, server int, score float64) {
	switch {
	case l.server == NoServer || score < l.score:
		l.server, l.score, l.ties = server, score, 1
	case score == l.score:
		if l.ties++; rng.IntN(l.ties) == 0 {
			l.server = server
		}
	}
}
