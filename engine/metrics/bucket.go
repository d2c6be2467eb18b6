package metrics

import "math"

// Buckets is how many there are of latencies: up to 10 min and beyond.
const Buckets = 80

// perDoubling is how many buckets it takes until a latency has doubled: each is 19 % wide.
const perDoubling = 4

// BucketMS is where the i-th bucket of latencies begins, in ms: 0, 1, 1.19, 1.41, 1.68, 2, ...
// It ends where the next begins; the last has no end.
func BucketMS(i int) float64 {
	if i <= 0 {
		return 0
	}
	return math.Exp2(float64(i-1) / perDoubling)
}

// bucketOf is the bucket of a latency.
func bucketOf(ms float64) int {
	if !(ms >= 1) {
		return 0
	}
	return min(1+int(math.Log2(ms)*perDoubling), Buckets-1)
}

// buckets counts the latencies by bucket; those after the last that has any are left out.
func (a *accumulator) buckets() []uint32 {
	if a.n == 0 {
		return nil
	}
	var counts [Buckets]uint32
	last := 0
	for _, bar := range a.hist.Distribution() {
		if bar.Count > 0 {
			last = bucketOf(float64(bar.From+bar.To) / 2 / 1000)
			counts[last] += uint32(min(bar.Count, math.MaxUint32/Buckets))
		}
	}
	return append([]uint32(nil), counts[:last+1]...)
}
