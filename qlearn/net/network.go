package net

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// leak is the slope of the activation below zero. With a slope of 0 a unit that is negative on all inputs has
// no gradient and never comes back.
const leak = 0.01

// Network is a multilayer perceptron. Layer l turns x, the layer before it, into
//
//	y_j = f(b_j + sum_i w_ji x_i)        f(z) = z for z > 0, else leak*z; the last layer has f(z) = z
//
// Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013.
type Network struct {
	sizes  []int
	params []float64 // of all layers in one slice, so that copying and stepping are loops
	layers []layer
}

// layer has its weights and biases within params.
type layer struct {
	in, out int
	at      int // where in params its weights begin, row by row: w_ji is at at + j*in + i; the biases follow
}

func (l layer) weights(params []float64) []float64 { return params[l.at : l.at+l.in*l.out] }
func (l layer) biases(params []float64) []float64  { return params[l.at+l.in*l.out:][:l.out] }

// zeros returns a network whose parameters are all 0. Sizes are checked by who gives them.
func zeros(sizes []int) *Network {
	n := &Network{sizes: slices.Clone(sizes)}
	at := 0
	for i := 1; i < len(sizes); i++ {
		l := layer{in: sizes[i-1], out: sizes[i], at: at}
		n.layers = append(n.layers, l)
		at += (l.in + 1) * l.out
	}
	n.params = make([]float64, at)
	return n
}

// New returns a network with so many inputs, units in each hidden layer and outputs: two sizes at least, each
// 1 or more. Its weights are normal with variance 2/inputs of the layer, which keeps the variance of the
// signal the same from layer to layer where half the units are off; biases are 0.
// He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.
func New(seed uint64, sizes ...int) *Network {
	if len(sizes) < 2 || slices.Min(sizes) < 1 {
		panic(fmt.Sprintf("net: %v are no sizes of layers", sizes))
	}
	n := zeros(sizes)
	rng := rand.New(rand.NewPCG(seed, 0x6e6574))
	for _, l := range n.layers {
		sd := math.Sqrt(2 / float64(l.in))
		for i := range l.weights(n.params) {
			n.params[l.at+i] = sd * rng.NormFloat64()
		}
	}
	return n
}

// Sizes returns the inputs, the units of each hidden layer and the outputs. The slice is the caller's.
func (n *Network) Sizes() []int { return slices.Clone(n.sizes) }

// Inputs is how many numbers Forward wants.
func (n *Network) Inputs() int { return n.sizes[0] }

// Outputs is how many numbers Forward gives.
func (n *Network) Outputs() int { return n.sizes[len(n.sizes)-1] }

// Len is how many parameters there are.
func (n *Network) Len() int { return len(n.params) }

// Copy takes over the parameters of from, which has the same sizes.
func (n *Network) Copy(from *Network) { copy(n.params, from.params) }

// Clone returns a network of its own with the same parameters.
func (n *Network) Clone() *Network {
	c := zeros(n.sizes)
	c.Copy(n)
	return c
}

// Shift adds by to the output of that number, whatever the input.
func (n *Network) Shift(output int, by float64) {
	n.layers[len(n.layers)-1].biases(n.params)[output] += by
}
