package qlearn

// recentSpan is about how many values a recent mean remembers.
const recentSpan = 200

// recent is an exponentially weighted mean. Its first values count alike, so it is a plain mean
// at the start instead of being drawn to zero. The zero value is ready for use.
type recent struct {
	mean  float64
	count int
}

func (r *recent) add(x float64) {
	if r.count < recentSpan {
		r.count++
	}
	r.mean += (x - r.mean) / float64(r.count)
}
