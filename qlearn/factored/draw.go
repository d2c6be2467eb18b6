package factored

import "math/rand/v2"

// Among many servers, a few drawn at random are as good as all: the best of 16 is among the best tenth of
// all four times in five, and who looks at fewer does not follow everybody else to the one that looks
// idle (Mitzenmacher, "The power of two choices in randomized load balancing", 2001).
const (
	allUpTo = 32 // servers of which all are looked at
	drawn   = 16 // of more than that
)

// draw lists the servers to choose among: all of a few; of many, available ones drawn at random. Where
// hardly any is available, draws find none, and all are looked at.
func (f *Learner) draw(loads Loads, rng *rand.Rand) []int32 {
	n := f.reach(loads)
	f.candidates = f.candidates[:0]
	if n > allUpTo {
		for range 2 * drawn {
			i := int32(rng.IntN(n))
			if loads.Load(int(i)).Available && !contains(f.candidates, i) {
				if f.candidates = append(f.candidates, i); len(f.candidates) == drawn {
					return f.candidates
				}
			}
		}
		if len(f.candidates) >= drawn/2 {
			return f.candidates
		}
		f.candidates = f.candidates[:0]
	}
	for i := range n {
		f.candidates = append(f.candidates, int32(i))
	}
	return f.candidates
}

func contains(list []int32, x int32) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}

// drawOne returns an available server, all equally likely, or -1.
func (f *Learner) drawOne(loads Loads, rng *rand.Rand) int {
	chosen, seen := -1, 0
	for i := range f.reach(loads) {
		if !loads.Load(i).Available {
			continue
		}
		if seen++; rng.IntN(seen) == 0 {
			chosen = i
		}
	}
	return chosen
}
