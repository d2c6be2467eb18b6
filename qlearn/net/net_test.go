package net

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// train fits a tiny network to a bent surface.
func train(seed uint64, steps int) (*Network, float64) {
	n := New(seed, 2, 8, 5, 1)
	p, g, adam := n.NewPass(), n.NewGradient(), NewAdam(n)
	rng := rand.New(rand.NewPCG(seed, 1))
	loss := 0.0
	for range steps {
		g.Clear()
		loss = 0
		for range 32 {
			x, y := rng.NormFloat64(), rng.NormFloat64()
			copy(p.Input(), []float64{x, y})
			miss := n.Forward(p)[0] - (math.Abs(x) - 0.5*x*y)
			loss += miss * miss / 32
			n.Backward(p, []float64{2 * miss / 32}, g)
		}
		adam.Step(n, g, 0.01)
	}
	return n, loss
}

func TestOneSeedGivesTheSameWeightsToTheByte(t *testing.T) {
	var first, second, other bytes.Buffer
	for seed, to := range map[uint64][]*bytes.Buffer{1: {&first, &second}, 2: {&other}} {
		for _, b := range to {
			n, _ := train(seed, 50)
			require.NoError(t, n.Write(b, "a tiny one"))
		}
	}
	require.Equal(t, first.Bytes(), second.Bytes())
	require.NotEqual(t, first.Bytes(), other.Bytes())
}

func TestTrainingFits(t *testing.T) {
	_, before := train(1, 1)
	_, after := train(1, 1500)
	require.Greater(t, before, 0.5)
	require.Less(t, after, 0.05)
}

// The gradient is what changing each parameter a little does to the loss.
func TestBackwardIsTheDerivative(t *testing.T) {
	n := New(3, 3, 6, 5, 2)
	p, g := n.NewPass(), n.NewGradient()
	loss := func() float64 {
		copy(p.Input(), []float64{0.3, -1.2, 2})
		y := n.Forward(p)
		return y[0]*y[0] + 3*y[1]
	}
	loss()
	n.Backward(p, []float64{2 * p.Output()[0], 3}, g)
	n.Backward(p, []float64{2 * p.Output()[0], 3}, g)
	const h = 1e-6
	for i := range n.params {
		was := n.params[i]
		n.params[i] = was + h
		up := loss()
		n.params[i] = was - h
		down := loss()
		n.params[i] = was
		require.InDelta(t, (up-down)/(2*h), g.params[i]/2, 1e-5, "parameter %d; two passes add up", i)
	}
}

func TestForwardAllocatesNothing(t *testing.T) {
	n := New(1, 14, 24, 24, 1)
	p := n.NewPass()
	require.Zero(t, testing.AllocsPerRun(100, func() { n.Forward(p) }))
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	n := New(7, 3, 4, 2)
	n.Shift(1, 0.25)
	var file bytes.Buffer
	require.NoError(t, n.Write(&file, "one line"))
	again, err := Read(bytes.NewReader(file.Bytes()), 3, 4, 2)
	require.NoError(t, err)
	require.Equal(t, n, again)
	require.Less(t, strings.Count(file.String(), "\n"), 40, "numbers share lines")

	whole := file.String()
	for name, c := range map[string]struct{ text, problem string }{
		"empty":       {"", "not a network"},
		"cut off":     {whole[:len(whole)/2], "not a network"},
		"another":     {`{"format": "slbtui/network", "version": 9}`, "version 9"},
		"unknown key": {strings.Replace(whole, `"about"`, `"abuot"`, 1), "abuot"},
		"other sizes": {strings.Replace(whole, "4", "5", 1), "want [3 4 2]"},
		"trailing":    {whole + "1", "follows"},
		"null":        {strings.Replace(whole, `"biases": [0,`, `"biases": [null,`, 1), "null"},
		"huge":        {strings.Replace(whole, `"biases": [0,`, `"biases": [1e10,`, 1), "parameter 0"},
		"infinite":    {strings.Replace(whole, `"biases": [0,`, `"biases": [1e999,`, 1), "1e999"},
		"too few":     {strings.Replace(whole, `"biases": [0,`, `"biases": [`, 1), "3 biases"},
	} {
		_, err := Read(strings.NewReader(c.text), 3, 4, 2)
		require.ErrorContains(t, err, c.problem, name)
	}
	n.params[0] = math.NaN()
	require.Error(t, n.Write(&bytes.Buffer{}))
}

func FuzzRead(f *testing.F) {
	var file bytes.Buffer
	require.NoError(f, New(1, 2, 2, 1).Write(&file))
	f.Add(file.Bytes())
	f.Add([]byte(`{"format":"slbtui/network","version":1,"sizes":[2,2,1],"layers":[{},{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := Read(bytes.NewReader(data), 2, 2, 1)
		if err != nil {
			return
		}
		p := n.NewPass()
		p.Input()[0], p.Input()[1] = 3, -3
		y := n.Forward(p)[0]
		require.False(t, math.IsNaN(y) || math.IsInf(y, 0))
	})
}

func BenchmarkForward(b *testing.B) {
	n := New(1, 18, 24, 24, 1)
	p := n.NewPass()
	for i := range p.Input() {
		p.Input()[i] = float64(i) / 9
	}
	b.ReportAllocs()
	for b.Loop() {
		n.Forward(p)
	}
}
