package factored

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
// pool.go). The curve is the mean over w; with little data it is smooth, with more the bend
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

// fit estimates a server's curve from its measurements, of which there must be one. It runs on every
// completion, so it looks at visited levels only, and takes no logarithm of a prior twice.
func (f *Learner) fit(s *column) {
	s.variance, s.tail = f.calm.dependence()*s.drift.relativeVariance(), s.drift.tail()
	variance := max(minFitVariance, s.variance)
	var visited [levels]measuredLevel
	n, total := 0, 0.0
	for b, k := range &s.visits {
		if k > 0 {
			w := f.weight(k)
			visited[n] = measuredLevel{b: b, mean: s.mean[b], weighted: w * s.mean[b]}
			total += w
			n++
		}
	}
	best, against, top := math.Inf(-1), 0.0, visited[n-1].b
	var logOdds [len(slotGrid)]float64
	for j := range &slotShare {
		// With x = C/shape, the a that fits best is the weighted mean of x, and the squared relative
		// errors left sum up to the weight times the squared coefficient of variation of x.
		// Slot counts that no visited level exceeds fit alike.
		if j == 0 || slotShare[j-1][top] < 1 {
			sumX, sumX2 := 0.0, 0.0
			for i := range visited[:n] {
				l := &visited[i]
				share := slotShare[j][l.b]
				wx := l.weighted * share
				sumX += wx
				sumX2 += wx * l.mean * share
			}
			against = total * max(0, sumX2*total/(sumX*sumX)-1) / (2 * variance)
		}
		logOdds[j] = f.logSlotOdds[j] - against
		best = max(best, logOdds[j])
	}
	sum := 0.0
	for j := range logOdds {
		s.curve.odds[j] = math.Exp(logOdds[j] - best)
		sum += s.curve.odds[j]
	}
	for j := range s.curve.odds {
		s.curve.odds[j] /= sum
	}
	s.curve.shape = s.curve.mix()
	sum = 0
	for i := range visited[:n] {
		sum += visited[i].weighted / s.curve.shape[visited[i].b]
	}
	s.curve.scale, s.curve.weight = sum/total, total
}

// measuredLevel is a visited level of one server.
type measuredLevel struct {
	b              int
	mean, weighted float64 // in ms; weighted by what the measurements are worth
}

// mix is the mean of the shapes, by their odds. Four levels at a time keep the sums in registers.
func (c *curve) mix() (shape [levels]float64) {
	for b := 0; b+4 <= levels; b += 4 {
		var s0, s1, s2, s3 float64
		for j, odds := range &c.odds {
			of := slotShape[j][b : b+4 : b+4]
			s0 += odds * of[0]
			s1 += odds * of[1]
			s2 += odds * of[2]
			s3 += odds * of[3]
		}
		shape[b], shape[b+1], shape[b+2], shape[b+3] = s0, s1, s2, s3
	}
	return shape
}

// weight is how many measurements a mean of k of them is worth: old ones fade with the step.
func (f *Learner) weight(k uint64) float64 {
	return min(float64(k), 1/f.cfg.MinLearningRate)
}
