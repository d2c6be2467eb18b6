package train

import (
	"math"
	"math/rand/v2"
	"sync"

	"slbtui/qlearn/net"
)

const (
	batch       = 64  // decisions of a step
	shards      = 4   // of a batch, each summed by itself: so many, on any number of cores
	matchWeight = 0.3 // of the squared error beside the regret
	temperature = 0.3 // of the softmax, in units of the logarithm of a cost: 0.1 is one of 10 %
	clipRegret  = 20  // in mean service times, so that a crashed server is not all there is
	firstRate   = 2e-3
	lastRate    = 1e-4
)

// lesson is the training of one network. The loss of a decision over candidates i with costs c_i, where the
// network says s_i and both are logarithms up to a constant:
//
//	0.3 * mean_i ((s_i - mean s) - (ln c_i - mean ln c))^2          how good the estimates are
//	+ sum_i p_i r_i,   p = softmax(-s/T),  r_i = (c_i - min c)/m     how good the choice is, m the mean service time
//
// The first part alone spends the network's few weights on servers that nobody would choose; the second alone has
// no gradient where the choice is clear and wrong. With R = sum_j p_j r_j, the gradient by s_i is
//
//	0.6/n * (s_i - mean s - ln c_i + mean ln c)  -  p_i (r_i - R)/T
type lesson struct {
	network *net.Network
	adam    *net.Adam
	rng     *rand.Rand
	parts   [shards]part
}

// part is the room of one shard.
type part struct {
	pass     *net.Pass
	gradient *net.Gradient
	outputs  []float64
	loss     float64
}

func newLesson(seed uint64, network *net.Network) *lesson {
	l := &lesson{network: network, adam: net.NewAdam(network), rng: rand.New(rand.NewPCG(seed, 0x6c6573736f6e))}
	for i := range l.parts {
		l.parts[i] = part{pass: network.NewPass(), gradient: network.NewGradient()}
	}
	return l
}

// epoch goes over all samples once, in an order of its own, and returns the mean loss. progress, from 0 to 1,
// is how far the training has come: the step size falls from firstRate to lastRate along half a cosine.
// Loshchilov and Hutter, "SGDR", ICLR 2017.
func (l *lesson) epoch(samples []sample, progress func(part float64) float64) float64 {
	order := l.rng.Perm(len(samples))
	loss := 0.0
	for at := 0; at < len(order); at += batch {
		rate := lastRate + (firstRate-lastRate)*(1+math.Cos(math.Pi*progress(float64(at)/float64(len(order)))))/2
		loss += l.step(samples, order[at:min(at+batch, len(order))], rate)
	}
	return loss / float64(len(samples))
}

func (l *lesson) step(samples []sample, chosen []int, rate float64) (loss float64) {
	var wg sync.WaitGroup
	for i := range l.parts {
		wg.Go(func() {
			p := &l.parts[i]
			p.gradient.Clear()
			p.loss = 0
			for k := i; k < len(chosen); k += shards {
				p.loss += p.study(l.network, &samples[chosen[k]], 1/float64(len(chosen)))
			}
		})
	}
	wg.Wait()
	total := l.parts[0].gradient
	for i := range l.parts {
		if loss += l.parts[i].loss; i > 0 {
			total.Add(l.parts[i].gradient)
		}
	}
	l.adam.Step(l.network, total, rate)
	return loss
}

// study adds one decision to the gradient, with that weight, and returns its loss.
func (p *part) study(network *net.Network, s *sample, weight float64) float64 {
	n := len(s.costMS)
	p.outputs = p.outputs[:0]
	for i := range n {
		p.outputs = append(p.outputs, p.forward(network, s, i))
	}
	loss, d := lossOf(p.outputs, s)
	for i := range n {
		p.forward(network, s, i) // once more: a pass holds one candidate
		network.Backward(p.pass, []float64{weight * d[i]}, p.gradient)
	}
	return loss
}

func (p *part) forward(network *net.Network, s *sample, i int) float64 {
	in := p.pass.Input()
	for k, x := range s.features[i*len(in) : (i+1)*len(in)] {
		in[k] = float64(x)
	}
	return network.Forward(p.pass)[0]
}

// lossOf returns the loss of a decision and its derivative by each output.
func lossOf(outputs []float64, s *sample) (loss float64, d []float64) {
	n := float64(len(outputs))
	lowest, meanLn, meanOut, best := math.Inf(1), 0.0, 0.0, math.Inf(1)
	for i, out := range outputs {
		lowest = min(lowest, float64(s.costMS[i]))
		meanLn += math.Log(float64(s.costMS[i])) / n
		meanOut += out / n
		best = min(best, out)
	}
	d = make([]float64, len(outputs))
	chosen := make([]float64, len(outputs))
	sum, regret := 0.0, 0.0
	for i, out := range outputs {
		off := out - meanOut - math.Log(float64(s.costMS[i])) + meanLn
		loss += matchWeight * off * off / n
		d[i] = 2 * matchWeight * off / n
		chosen[i] = math.Exp((best - out) / temperature)
		sum += chosen[i]
	}
	regretOf := func(i int) float64 { return min(clipRegret, (float64(s.costMS[i])-lowest)/float64(s.scaleMS)) }
	for i := range chosen {
		chosen[i] /= sum
		regret += chosen[i] * regretOf(i)
	}
	for i, p := range chosen {
		d[i] -= p * (regretOf(i) - regret) / temperature
	}
	return loss + regret, d
}

// calibrate moves the output by what it is off on average, so that a score is a cost in ms. No decision
// changes: all servers move alike.
func (l *lesson) calibrate(samples []sample) {
	off, n := 0.0, 0.0
	for i := range samples {
		s := &samples[i]
		for k, cost := range s.costMS {
			off += math.Log(float64(cost)/float64(s.poolMS)) - l.parts[0].forward(l.network, s, k)
			n++
		}
	}
	l.network.Shift(0, off/max(1, n))
}
