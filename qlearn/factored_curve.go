package qlearn

import "math"

// The queue curve: what a few measurements of a server say about all its levels.
//
// A server with w worker slots and a FIFO queue answers in its service time a while a slot is free,
// and beyond that everyone there shares w slots:
//
//	C(n) = a · max(1, (n+1)/w)
//
// w is not known, so each value of a grid is weighed by how well it fits (a Gaussian likelihood of the
// relative errors, with the best a for that w) times how common it is among the servers (the prior,
// factored_pool.go). The curve is the mean over w; with little data it is smooth, with more the bend
// shows. The last value of the grid is infinity: a server that never queues.
//
// Cells never visited lie on the curve, visited ones are drawn to it (fill). It is also where slopes
// come from: differences of two noisy cells would look like costs. A queue that no curve of the family
// describes is not a problem, only slower to learn: its cells keep what was measured.
type curve struct {
	odds   [len(slotGrid)]float64 // probability of each w
	shape  [levels]float64        // C(n)/a, mean over w
	scale  float64                // a in ms, by this server's measurements alone
	weight float64                // measurements behind it
}

var slotGrid = [...]float64{1, 1.5, 2, 3, 4, 5, 6, 8, 11, 16, 23, 32, 64, 128, math.Inf(1)}

// slotShape is max(1, (n+1)/w) for each w and level, slotShare its inverse.
var slotShape, slotShare = func() (shape, share [len(slotGrid)][levels]float64) {
	for j, w := range slotGrid {
		for b, n := range levelCentre {
			shape[j][b] = max(1, (n+1)/w)
			share[j][b] = 1 / shape[j][b]
		}
	}
	return shape, share
}()

// minFitVariance keeps the fit from taking the error of the family itself for evidence.
const minFitVariance = 0.01

// fit estimates a server's curve from its measurements, of which there must be one.
func (f *Factored) fit(s *factoredServer) {
	variance := max(minFitVariance, s.drift.relativeVariance())
	var w, wC [levels]float64 // weight of each cell, and times the cell
	total := 0.0
	for b, k := range s.visits {
		w[b] = f.weight(k)
		wC[b] = w[b] * s.mean[b]
		total += w[b]
	}
	best := math.Inf(-1)
	var logOdds [len(slotGrid)]float64
	for j := range slotGrid {
		// With x = C/shape, the a that fits best is the weighted mean of x, and the squared relative
		// errors left sum up to the weight times the squared coefficient of variation of x.
		sumX, sumX2 := 0.0, 0.0
		for b, share := range &slotShare[j] {
			wx := wC[b] * share
			sumX += wx
			sumX2 += wx * s.mean[b] * share
		}
		misfit := total * max(0, sumX2*total/(sumX*sumX)-1)
		logOdds[j] = math.Log(f.slotOdds[j]) - misfit/(2*variance)
		best = max(best, logOdds[j])
	}
	sum := 0.0
	for j := range logOdds {
		s.curve.odds[j] = math.Exp(logOdds[j] - best)
		sum += s.curve.odds[j]
	}
	s.curve.shape = [levels]float64{}
	for j := range s.curve.odds {
		s.curve.odds[j] /= sum
		for b := range s.curve.shape {
			s.curve.shape[b] += s.curve.odds[j] * slotShape[j][b]
		}
	}
	sum = 0
	for b, shape := range s.curve.shape {
		sum += wC[b] / shape
	}
	s.curve.scale, s.curve.weight = sum/total, total
}

// weight is how many measurements a mean of k of them is worth: old ones fade with the step.
func (f *Factored) weight(k uint64) float64 {
	return min(float64(k), 1/f.cfg.MinLearningRate)
}
