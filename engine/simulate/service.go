package simulate

import (
	"math"
	"time"
)

// maxService bounds a draw: neither distribution has an upper end, and slowdowns and factors multiply it.
const maxService = 1000 * time.Hour

// meanMS is the expected service time of an ordinary request that starts now.
func (s *station) meanMS() float64 { return s.BaseDelayMS * s.slow }

// service is the service time of a request of this size and factor that starts now.
func (s *station) service(size, factor float64) time.Duration {
	var stretch float64
	if s.Pareto > 0 {
		stretch = pareto(s.Pareto, size)
	} else {
		stretch = math.Exp(s.Sigma*size - s.Sigma*s.Sigma/2)
	}
	return time.Duration(min(s.meanMS()*stretch*factor*float64(time.Millisecond), float64(maxService)))
}

// pareto is the quantile of a Pareto distribution of that exponent a and mean 1 at which a standard
// normal has the size: with the tail 1-Φ(size) it is x·tail^(-1/a), and x = (a-1)/a makes the mean 1. So
// a request that is long at a lognormal server is long here as well.
func pareto(exponent, size float64) float64 {
	tail := math.Erfc(size/math.Sqrt2) / 2
	return (exponent - 1) / exponent * math.Pow(tail, -1/exponent)
}
