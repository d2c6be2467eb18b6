package fit

import (
	"math"
	"math/rand/v2"
)

// maxSize bounds a size: a recording refuses larger ones.
const maxSize = 10

// shape works out the spread of services, which all servers share unless a test says that one has its own, and gives
// each request the size with which the lab draws the very service that was logged.
func (m *Model) shape(reads []reading) {
	var all []float64
	for _, r := range reads {
		for _, log := range r.log {
			all = append(all, log-r.usual)
		}
	}
	sd, kurtosis := spreadOf(all)
	m.Sizes = make([]float64, len(m.Log.Requests))
	known := make([]bool, len(m.Sizes))
	var sizes []float64
	for s, r := range reads {
		v := &m.Servers[s]
		own, _ := spreadOf(r.log)
		v.Sigma = sd
		if n := float64(len(r.log)); n > few && sd > 0 && math.Abs(math.Log(own/sd)) > 3*math.Sqrt((kurtosis-1)/(4*n))+.05 {
			v.Sigma = own
		}
		v.Sigma = min(3, max(0, v.Sigma))
		stretch := 1.0 // mean of a service over its geometric mean, by the common shape
		if sd > 0 && len(all) > 0 {
			sum := 0.0
			for _, x := range all {
				sum += math.Exp(x * v.Sigma / sd)
			}
			stretch = sum / float64(len(all))
		}
		v.ServiceMS = min(60_000, max(1e-3, 1000*math.Exp(r.usual)*stretch))
		for k, log := range r.log {
			i := r.requests[k]
			if v.Sigma > 0 {
				z := (log-math.Log(v.ServiceMS/1000))/v.Sigma + v.Sigma/2
				m.Sizes[i] = min(maxSize, max(-maxSize, z))
			}
			known[i] = true
			sizes = append(sizes, m.Sizes[i])
		}
	}
	m.draw(known, sizes)
}

// draw gives requests whose sizes are not known those of others.
func (m *Model) draw(known []bool, sizes []float64) {
	m.Drawn = make([]bool, len(known))
	rng := rand.New(rand.NewPCG(uint64(len(sizes)), 0x666974))
	for i := range known {
		if !known[i] {
			m.Drawn[i] = true
			if len(sizes) > 0 {
				m.Sizes[i] = sizes[rng.IntN(len(sizes))]
			}
		}
	}
}

// spreadOf is the standard deviation and the kurtosis.
func spreadOf(x []float64) (sd, kurtosis float64) {
	if len(x) < 2 {
		return 0, 3
	}
	s := newSums(x)
	mean, variance := s.mean(0, len(x)), s.squares(0, len(x))/float64(len(x)-1)
	if variance <= 0 {
		return 0, 3
	}
	fourth := 0.0
	for _, v := range x {
		d := (v - mean) * (v - mean) / variance
		fourth += d * d
	}
	return math.Sqrt(variance), fourth / float64(len(x))
}
