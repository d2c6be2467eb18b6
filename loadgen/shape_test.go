package loadgen

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var testShapes = []Shape{
	Steady{},
	Ramp{From: 0, To: 2, Over: 10 * time.Second},
	Ramp{From: 1, To: 0, Over: 3 * time.Second},
	Sine{Amplitude: 0.5, Period: 10 * time.Second},
	Sine{Amplitude: 1, Period: time.Second},
	DefaultBurst(),
	Burst{High: 4, On: time.Second, Period: 4 * time.Second},
	Step{At: 5 * time.Second, To: 3},
	Step{At: 5 * time.Second, To: 0},
	startingAt(3, Sine{Amplitude: 1, Period: time.Second}),
}

func TestShapeFactors(t *testing.T) {
	for _, tt := range []struct {
		shape Shape
		want  map[float64]float64
	}{
		{Steady{}, map[float64]float64{0: 1, 1e6: 1}},
		{Ramp{From: 1, To: 3, Over: 10 * time.Second}, map[float64]float64{0: 1, 5: 2, 10: 3, 99: 3}},
		{Sine{Amplitude: 0.5, Period: 4 * time.Second}, map[float64]float64{0: 1, 1: 1.5, 2: 1, 3: 0.5, 5: 1.5}},
		{DefaultBurst(), map[float64]float64{0: 2.2, 0.99: 2.2, 1: 0.6, 3.99: 0.6, 4: 2.2, 401: 0.6}},
		{Step{At: time.Second, To: 3}, map[float64]float64{0: 1, 0.99: 1, 1: 3, 50: 3}},
	} {
		for at, want := range tt.want {
			require.InDelta(t, want, tt.shape.Factor(at), 1e-9, "%#v at %v s", tt.shape, at)
		}
	}
}

// Integral is the integral of Factor: compared with a sum of small steps.
func TestShapeIntegrals(t *testing.T) {
	const dt = 1e-3
	for _, s := range testShapes {
		t.Run(fmt.Sprintf("%#v", s), func(t *testing.T) {
			require.NoError(t, s.Validate())
			require.Zero(t, s.Integral(0))
			var sum float64
			for i := range 20_000 {
				sum += s.Factor((float64(i)+0.5)*dt) * dt
				require.InDelta(t, sum, s.Integral(float64(i+1)*dt), 1e-3)
			}
		})
	}
}

func TestShapesThatKeepTheMean(t *testing.T) {
	for _, s := range []Shape{DefaultBurst(), Sine{Amplitude: 0.7, Period: 4 * time.Second}} {
		require.InDelta(t, 4000, s.Integral(4000), 1e-6)
	}
}

// reach is the inverse of Integral, to a fraction of a nanosecond.
func TestReachInvertsIntegral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(testShapes).Draw(t, "shape")
		from := rapid.Float64Range(0, 1000).Draw(t, "from")
		area := rapid.Float64Range(0, 20).Draw(t, "area")
		at := reach(s, from, area)
		if math.IsInf(at, 1) {
			require.Less(t, s.Integral(1e9), s.Integral(from)+area)
			return
		}
		require.GreaterOrEqual(t, at, from)
		require.InDelta(t, area, s.Integral(at)-s.Integral(from), 1e-8)
	})
}

// The number of arrivals under each shape is the integral, whatever the gaps.
func TestArrivalsFollowTheShape(t *testing.T) {
	for _, s := range testShapes {
		const rate, seconds = 100, 20
		n := 0
		for _, c := range takeUntil(newArrivals(t, Constant, rate, s), time.Second, seconds) {
			n += c
		}
		require.InDelta(t, rate*s.Integral(seconds), n, 1, "%#v", s)
	}
}

func TestShapesRefuse(t *testing.T) {
	for want, s := range map[string]Shape{
		"ramp: from -1":     Ramp{From: -1, Over: 1},
		"ramp: over 0s":     Ramp{To: 1},
		"sine: amplitude 2": Sine{Amplitude: 2, Period: 1},
		"sine: period 0s":   Sine{Amplitude: 1},
		"burst: on 4s":      Burst{High: 1, On: 4 * time.Second, Period: 4 * time.Second},
		"burst: high 5":     Burst{High: 5, On: time.Second, Period: 4 * time.Second},
		"burst: high NaN":   Burst{High: math.NaN(), On: 1, Period: 4},
		"step: at -1ns":     Step{At: -1},
		"step: to +Inf":     Step{To: math.Inf(1)},
	} {
		require.ErrorContains(t, s.Validate(), want)
	}
}
