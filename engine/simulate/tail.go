package simulate

import "math"

// Bins of a Tail: 100 a decade from 1 ms to 100 s.
const (
	tailDecade = 100
	tailBins   = 5 * tailDecade
)

// Tail counts latencies in bins of equal width on a logarithmic scale, so that runs add up.
type Tail struct {
	Bins [tailBins]uint64
}

func (t *Tail) count(ms []float64) {
	for _, x := range ms {
		bin := 0
		if x > 1 {
			bin = min(tailBins-1, int(math.Log10(x)*tailDecade))
		}
		t.Bins[bin]++
	}
}

// Add adds another tail.
func (t *Tail) Add(o *Tail) {
	for i, n := range o.Bins {
		t.Bins[i] += n
	}
}

// Above returns the latencies, in ms, at which the share of requests above them changes, and that
// share: the complementary distribution function.
func (t *Tail) Above() (ms, share []float64) {
	total := uint64(0)
	for _, n := range t.Bins {
		total += n
	}
	left := total
	for i, n := range t.Bins {
		if n == 0 {
			continue
		}
		if left -= n; left == 0 {
			break
		}
		ms = append(ms, math.Pow(10, float64(i+1)/tailDecade))
		share = append(share, float64(left)/float64(total))
	}
	return ms, share
}
