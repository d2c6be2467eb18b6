package loadgen

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// take returns the next n arrivals.
func take(a *Arrivals, n int) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = a.Next()
		a.Advance()
	}
	return out
}

// takeUntil counts the arrivals of each slot of the given width.
func takeUntil(a *Arrivals, width time.Duration, slots int) []int {
	counts := make([]int, slots)
	for at := a.Next(); at < width*time.Duration(slots); at = a.Next() {
		counts[at/width]++
		a.Advance()
	}
	return counts
}

func newArrivals(t testing.TB, kind string, rate float64, shape Shape) *Arrivals {
	a, err := NewArrivals(kind, rate, shape, 7)
	require.NoError(t, err)
	return a
}

func ms(values ...float64) []time.Duration {
	out := make([]time.Duration, len(values))
	for i, v := range values {
		out[i] = time.Duration(v * 1e6)
	}
	return out
}

func TestConstantArrivalsAreExact(t *testing.T) {
	type change struct {
		atMS, rate float64
	}
	for name, tt := range map[string]struct {
		rate    float64
		shape   Shape
		changes []change
		want    []time.Duration
	}{
		"even gaps":              {rate: 100, want: ms(10, 20, 30, 40)},
		"a third":                {rate: 3, want: []time.Duration{333333333, 666666667, time.Second, 1333333333}},
		"faster in mid-gap":      {rate: 1, changes: []change{{500, 10}}, want: ms(550, 650, 750)},
		"slower in mid-gap":      {rate: 100, changes: []change{{15, 10}}, want: ms(10, 65, 165)},
		"at an arrival":          {rate: 100, changes: []change{{20, 50}}, want: ms(10, 20, 40, 60)},
		"pause and resume":       {rate: 100, changes: []change{{25, 0}, {1025, 100}}, want: ms(10, 20, 1030, 1040)},
		"paused at the start":    {rate: 100, changes: []change{{0, 0}, {1000, 10}}, want: ms(1100, 1200)},
		"pause, forgotten":       {rate: 100, changes: []change{{15, 0}}, want: []time.Duration{10e6, Never, Never}},
		"two changes in one gap": {rate: 1, changes: []change{{250, 2}, {500, 5}}, want: ms(550, 750)},
		"same time: last wins":   {rate: 1, changes: []change{{500, 2}, {500, 10}}, want: ms(550, 650)},
		"in the past":            {rate: 1, changes: []change{{500, 2}, {100, 10}}, want: ms(550, 650)},
		"no number":              {rate: 10, changes: []change{{150, math.NaN()}}, want: []time.Duration{100e6, Never}},
		"step":                   {rate: 10, shape: Step{At: 150 * time.Millisecond, To: 2}, want: ms(100, 175, 225)},
		"step to nothing":        {rate: 10, shape: Step{At: 150 * time.Millisecond}, want: []time.Duration{100e6, Never}},
		"burst":                  {rate: 1, shape: DefaultBurst(), want: []time.Duration{454545455, 909090909, 2333333333, 4e9}},
		"ramp from nothing": { // 50 t² = n
			rate: 100, shape: Ramp{To: 1, Over: time.Second}, want: []time.Duration{141421356, 200e6, 244948974},
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newArrivals(t, Constant, tt.rate, tt.shape)
			for _, c := range tt.changes {
				a.SetRate(time.Duration(c.atMS*1e6), c.rate)
			}
			require.Equal(t, tt.want, take(a, len(tt.want)))
		})
	}
}

// A change made while the arrivals are read gives what it gives when known beforehand.
func TestChangeTakesEffectWhileWaiting(t *testing.T) {
	a := newArrivals(t, Constant, 0.01, nil)
	require.Equal(t, 100*time.Second, a.Next())
	a.SetRate(50*time.Second, 100)
	require.Equal(t, 50*time.Second+5*time.Millisecond, a.Next())
}

func TestConstantDoesNotDrift(t *testing.T) {
	a := newArrivals(t, Constant, 7, nil)
	at := take(a, 700_000)
	require.Equal(t, 100_000*time.Second, at[len(at)-1])
}

// Counts of a Poisson process in slots: mean and variance both rate·width.
func TestPoissonMeanAndVariance(t *testing.T) {
	const slots, want = 20_000, 10.0
	counts := takeUntil(newArrivals(t, Poisson, 1000, nil), 10*time.Millisecond, slots)
	var sum, squares float64
	for _, c := range counts {
		sum += float64(c)
		squares += float64(c) * float64(c)
	}
	mean := sum / slots
	require.InDelta(t, want, mean, 4*math.Sqrt(want/slots))
	require.InDelta(t, 1, (squares/slots-mean*mean)/mean, 4*math.Sqrt(2.0/slots))
}

func TestPoissonIsSeeded(t *testing.T) {
	same := take(newArrivals(t, Poisson, 100, nil), 50)
	require.Equal(t, same, take(newArrivals(t, Poisson, 100, nil), 50))
	other, err := NewArrivals(Poisson, 100, nil, 8)
	require.NoError(t, err)
	require.NotEqual(t, same, take(other, 50))
}

// A higher rate is the same process on a faster clock.
func TestRateScalesTime(t *testing.T) {
	slow, fast := take(newArrivals(t, Poisson, 1, nil), 100), take(newArrivals(t, Poisson, 1000, nil), 100)
	for i := range slow {
		require.InDelta(t, float64(slow[i])/1000, float64(fast[i]), 1)
	}
}

func TestArrivalsNeverRunBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{Constant, Poisson}).Draw(t, "kind")
		shape := rapid.SampledFrom(testShapes).Draw(t, "shape")
		a, err := NewArrivals(kind, rapid.Float64Range(0, 1e4).Draw(t, "rate"), shape, rapid.Uint64().Draw(t, "seed"))
		require.NoError(t, err)
		var last, changed time.Duration
		for range 100 {
			if rapid.Bool().Draw(t, "change") {
				changed += time.Duration(rapid.Int64Range(0, 1e9).Draw(t, "after"))
				a.SetRate(changed, rapid.Float64Range(0, 1e4).Draw(t, "new rate"))
			}
			at := a.Next()
			require.GreaterOrEqual(t, at, last)
			if at == Never {
				continue
			}
			last = at
			a.Advance()
		}
	})
}

func TestOldLegsAreForgotten(t *testing.T) {
	a := newArrivals(t, Constant, 1000, nil)
	for i := range 10_000 {
		a.SetRate(time.Duration(i)*time.Second, 1000)
		for a.Next() <= time.Duration(i)*time.Second {
			a.Advance()
		}
	}
	require.Len(t, a.legs, 1)
}

func TestNewArrivalsRefuses(t *testing.T) {
	for want, try := range map[string]func() (*Arrivals, error){
		`"bursty" is not a kind`: func() (*Arrivals, error) { return NewArrivals("bursty", 1, nil, 0) },
		"rate: -1 is not":        func() (*Arrivals, error) { return NewArrivals(Poisson, -1, nil, 0) },
		"rate: NaN is not":       func() (*Arrivals, error) { return NewArrivals(Poisson, math.NaN(), nil, 0) },
		"shape: sine: amplitude": func() (*Arrivals, error) { return NewArrivals(Poisson, 1, Sine{Amplitude: 2}, 0) },
	} {
		a, err := try()
		require.ErrorContains(t, err, want)
		require.Nil(t, a)
	}
}
