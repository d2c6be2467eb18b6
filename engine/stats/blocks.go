package stats

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// fewBlocks say too little about their spread: an interval would be too narrow.
const fewBlocks = 5

// Blocks is a sample cut into blocks, which are drawn as a whole: neighbouring requests share
// queues, so that they are not independent, but blocks nearly are (block bootstrap: Künsch 1989).
// The zero value is empty and ready to use.
type Blocks struct {
	values []float64
	block  []int32 // of each value
	sums   []float64
	counts []int
}

// Add appends a value; blocks are numbered from 0.
func (b *Blocks) Add(block int, value float64) {
	for len(b.sums) <= block {
		b.sums, b.counts = append(b.sums, 0), append(b.counts, 0)
	}
	b.values, b.block = append(b.values, value), append(b.block, int32(block))
	b.sums[block] += value
	b.counts[block]++
}

// Len is the number of blocks, those without a value below the last included.
func (b *Blocks) Len() int { return len(b.sums) }

// Values are the values in the order they were added in, not a copy.
func (b *Blocks) Values() []float64 { return b.values }

// MeanInterval is the interval of the mean, unknown with few blocks.
func (b *Blocks) MeanInterval(label string) Interval {
	return b.bootstrap(label, func(times []int) (float64, bool) {
		sum, count := 0.0, 0
		for i, n := range times {
			sum += float64(n) * b.sums[i]
			count += n * b.counts[i]
		}
		return sum / float64(count), count > 0
	})
}

// RatioInterval is the interval of the ratio of the means to those of other values, which belong to
// the same requests and are drawn together with them. It is unknown with few blocks.
func (b *Blocks) RatioInterval(to *Blocks, label string) Interval {
	return b.bootstrap(label, func(times []int) (float64, bool) {
		mine, theirs := 0.0, 0.0
		for i, n := range times {
			mine += float64(n) * b.sums[i]
			theirs += float64(n) * to.sums[i]
		}
		return mine / theirs, theirs > 0
	})
}

// P99Interval is the interval of the 99th percentile, unknown with few blocks. A drawn sample's is
// found by walking down from the largest value: one in a hundred has to be looked at.
func (b *Blocks) P99Interval(label string) Interval {
	return b.bootstrap(label, b.p99())
}

// P99RatioInterval is the interval of the ratio of the 99th percentile to that of other values, which belong to the same
// requests and are drawn together with them. It is unknown with few blocks.
func (b *Blocks) P99RatioInterval(to *Blocks, label string) Interval {
	mine, theirs := b.p99(), to.p99()
	return b.bootstrap(label, func(times []int) (float64, bool) {
		a, ok := mine(times)
		of, known := theirs(times)
		return a / of, ok && known && of > 0
	})
}

// p99 returns the statistic: the 99th percentile of how often every block was drawn.
func (b *Blocks) p99() func(times []int) (float64, bool) {
	order := descending(b.values)
	return func(times []int) (float64, bool) {
		count := 0
		for i, n := range times {
			count += n * b.counts[i]
		}
		above := int(math.Floor(0.01 * float64(count)))
		for _, i := range order {
			if above -= times[b.block[i]]; above < 0 {
				return b.values[i], true
			}
		}
		return 0, false
	}
}

// bootstrap draws as many blocks as there are, with replacement, and takes the statistic of how
// often every block was drawn.
func (b *Blocks) bootstrap(label string, statistic func(times []int) (float64, bool)) Interval {
	if b.Len() < fewBlocks {
		return Interval{}
	}
	times := make([]int, b.Len())
	return bootstrap(label, blockRounds, func(rng *rand.Rand) (float64, bool) {
		clear(times)
		for range times {
			times[rng.IntN(len(times))]++
		}
		return statistic(times)
	})
}

// descending returns the indexes of values in descending order.
func descending(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	return order
}
