package shared

import (
	"math"

	"slbtui/qlearn"
)

const levels = qlearn.InFlightLevels

// lnCount is ln(1+n) of the numbers that are common.
var lnCount = func() (t [64]float64) {
	for n := range t {
		t[n] = math.Log1p(float64(n))
	}
	return t
}()

func lnOnePlus(n int) float64 {
	if n < len(lnCount) {
		return lnCount[n]
	}
	return math.Log1p(float64(n))
}

// centre is the number that stands for a level.
func centre(b int) float64 {
	if b+1 < levels {
		return float64(qlearn.LowestInFlight(b)+qlearn.LowestInFlight(b+1)-1) / 2
	}
	return 1.25 * float64(qlearn.LowestInFlight(b))
}

// curve is the latency of one server by its level at the pick.
type curve struct {
	mean   [levels]float64 // ms, of those visited
	visits [levels]uint64
	ln     [levels]float64 // logarithm of the mean, or of what is made up where there is none
	slope  [levels]float64 // relative growth per request in flight, 0 or more
}

// curveRate is the smallest step of a mean: about the last hundred measurements count.
const curveRate = 0.01

// add takes note of a measurement at level b and returns by how much the mean moved.
func (c *curve) add(b int, ms float64) float64 {
	c.visits[b]++
	moved := max(curveRate, 1/float64(c.visits[b])) * (ms - c.mean[b])
	c.mean[b] += moved
	c.fill()
	return moved
}

// fill works out what follows from the means. Between two visited levels the curve is a straight line, above
// the highest it grows as in a queue, in proportion to n+1, and below the lowest it is flat.
func (c *curve) fill() {
	var value [levels]float64
	below := -1
	for b := range levels {
		if c.visits[b] == 0 {
			continue
		}
		value[b] = c.mean[b]
		for k := below + 1; k < b; k++ {
			value[k] = c.mean[b]
			if below >= 0 {
				part := (centre(k) - centre(below)) / (centre(b) - centre(below))
				value[k] = c.mean[below] + part*(c.mean[b]-c.mean[below])
			}
		}
		below = b
	}
	if below < 0 {
		return
	}
	for k := below + 1; k < levels; k++ {
		value[k] = c.mean[below] * (centre(k) + 1) / (centre(below) + 1)
	}
	for b := range levels {
		low, high := max(0, b-2), min(levels-1, b+2)
		c.ln[b] = math.Log(value[b])
		c.slope[b] = max(0, (value[high]-value[low])/(centre(high)-centre(low))/value[b])
	}
}
