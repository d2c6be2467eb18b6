package fit

import "math"

// sums are running sums of a series, so that any stretch costs the same: of values, of squares.
type sums struct{ one, two []float64 }

func newSums(y []float64) sums {
	s := sums{make([]float64, len(y)+1), make([]float64, len(y)+1)}
	for i, v := range y {
		s.one[i+1], s.two[i+1] = s.one[i]+v, s.two[i]+v*v
	}
	return s
}

func (s sums) mean(i, j int) float64 { return (s.one[j] - s.one[i]) / float64(j-i) }

// squares is the sum of squares around the mean of a stretch.
func (s sums) squares(i, j int) float64 {
	sum := s.one[j] - s.one[i]
	return max(0, s.two[j]-s.two[i]-sum*sum/float64(j-i))
}

// surprise is the negative log likelihood of the ones among zeros in a stretch, at their own share.
func (s sums) surprise(i, j int) float64 {
	n, k := float64(j-i), s.one[j]-s.one[i]
	if k <= 0 || k >= n {
		return 0
	}
	return -k*math.Log(k/n) - (n-k)*math.Log(1-k/n)
}

// blocks is into how many a series is cut at most before it is partitioned: the work grows with their square.
const blocks = 800

// partition cuts n values into stretches that each have a level of their own: the cheapest by cost plus a penalty for
// each (optimal partitioning, Jackson et al. 2005). It looks at the borders of blocks first and moves each cut to the
// best place nearby then. A stretch is one that fits. It returns where they begin, and n.
func partition(n int, cost func(i, j int) float64, fits func(i, j int) bool, penalty float64) []int {
	size := max(1, (n+blocks-1)/blocks, min(5, n/20))
	var border []int
	for i := 0; i < n; i += size {
		border = append(border, i)
	}
	border = append(border, n)
	best := make([]float64, len(border))
	from := make([]int, len(border))
	for j := 1; j < len(border); j++ {
		best[j] = math.Inf(1)
		for i := range j {
			if math.IsInf(best[i], 1) || !fits(border[i], border[j]) {
				continue
			}
			if c := best[i] + cost(border[i], border[j]) + penalty; c < best[j] {
				best[j], from[j] = c, i
			}
		}
	}
	last := len(border) - 1
	if math.IsInf(best[last], 1) { // too short for any
		return []int{0, n}
	}
	cuts := []int{n}
	for j := last; j > 0; j = from[j] {
		cuts = append([]int{border[from[j]]}, cuts...)
	}
	for k := 1; k < len(cuts)-1; k++ {
		a, b, at := cuts[k-1], cuts[k+1], cuts[k]
		for i := max(a+1, at-2*size); i < min(b, at+2*size+1); i++ {
			if cost(a, i)+cost(i, b) < cost(a, cuts[k])+cost(cuts[k], b) {
				cuts[k] = i
			}
		}
	}
	return cuts
}
