package net

import "math"

// What Adam's authors recommend.
const (
	adamBeta1   = 0.9
	adamBeta2   = 0.999
	adamEpsilon = 1e-8
)

// Adam steps down a gradient with a step of its own for each parameter. With g the gradient of step t:
//
//	m += (1-beta1)*(g - m)            mean of the gradient
//	v += (1-beta2)*(g^2 - v)          and of its square
//	w -= rate * (m/(1-beta1^t)) / (sqrt(v/(1-beta2^t)) + epsilon)
//
// m and v start at 0; the divisors undo that bias. A step is at most about rate, however steep the loss.
// Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015.
type Adam struct {
	m, v           []float64
	decay1, decay2 float64 // beta^t
}

// NewAdam returns one that has not stepped yet, for networks of the sizes of n.
func NewAdam(n *Network) *Adam {
	return &Adam{m: make([]float64, len(n.params)), v: make([]float64, len(n.params)), decay1: 1, decay2: 1}
}

// Step changes n by g, where rate is the step size, above 0.
func (a *Adam) Step(n *Network, g *Gradient, rate float64) {
	a.decay1 *= adamBeta1
	a.decay2 *= adamBeta2
	rate /= 1 - a.decay1
	unbias := 1 / (1 - a.decay2)
	for i, d := range g.params {
		a.m[i] += (1 - adamBeta1) * (d - a.m[i])
		a.v[i] += (1 - adamBeta2) * (d*d - a.v[i])
		n.params[i] -= rate * a.m[i] / (math.Sqrt(a.v[i]*unbias) + adamEpsilon)
	}
}
