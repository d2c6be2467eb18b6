package weights

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn/factored"
)

func server(ms, slots float64) factored.Service {
	return factored.Service{MeanMS: ms, Slots: slots, Speed: 1, Measured: 500}
}

func changed(s factored.Service, change func(*factored.Service)) factored.Service {
	change(&s)
	return s
}

func TestWeights(t *testing.T) {
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		known   []factored.Service
		weights []int
		reasons []Reason
	}{
		"by response time": {[]factored.Service{server(52, 4), server(76, 4), server(104, 4)}, []int{100, 68, 50}, []Reason{Capacity, Capacity, Capacity}},
		"by slots":         {[]factored.Service{server(50, 8), server(50, 2)}, []int{100, 25}, []Reason{Capacity, Capacity}},
		"never queued":     {[]factored.Service{server(50, 4), server(50, inf)}, []int{100, 100}, []Reason{Capacity, Capacity}},
		"none queued":      {[]factored.Service{server(50, inf), server(100, inf)}, []int{100, 50}, []Reason{Capacity, Capacity}},
		"a floor":          {[]factored.Service{server(1, 4), server(5000, 4)}, []int{100, Floor}, []Reason{Capacity, Capacity}},
		"slower now": {
			[]factored.Service{changed(server(50, 4), func(s *factored.Service) { s.Speed = 4 }), server(100, 4)}, []int{50, 100}, []Reason{Slower, Capacity},
		},
		"fails": {
			[]factored.Service{changed(server(10, 4), func(s *factored.Service) { s.Failing = 0.5 }), server(100, 4)}, []int{0, 100}, []Reason{Fails, Capacity},
		},
		"all fail": {
			[]factored.Service{changed(server(10, 4), func(s *factored.Service) { s.Failing = 0.5 }), changed(server(10, 4), func(s *factored.Service) { s.Failing = 0.9 })},
			[]int{100, 100}, []Reason{AllFail, AllFail},
		},
		"learning": {
			[]factored.Service{changed(server(50, 4), func(s *factored.Service) { s.Measured = 100 }), changed(server(100, 4), func(s *factored.Service) { s.Measured = 49 })},
			[]int{100, 100}, []Reason{Learning, Learning},
		},
		"one unknown": {[]factored.Service{server(50, 4), server(100, 4), {Speed: 1}}, []int{100, 50, 75}, []Reason{Capacity, Capacity, Unknown}},
		"nonsense":    {[]factored.Service{{MeanMS: math.NaN(), Slots: math.NaN(), Speed: math.NaN(), Measured: 500}, server(50, 4)}, []int{100, 100}, []Reason{Unknown, Capacity}},
		"nobody":      {nil, nil, nil},
	} {
		var s Steerer
		require.True(t, s.Update(0, func() []factored.Service { return c.known }), name)
		var weights []int
		var reasons []Reason
		for _, w := range s.Weights() {
			weights, reasons = append(weights, w.Value), append(reasons, w.Reason)
		}
		require.Equal(t, c.weights, weights, name)
		require.Equal(t, c.reasons, reasons, name)
	}
}

// Weights change once a second, but a server that begins to fail loses its own within a tenth, and is tried again no
// sooner than a second later.
func TestAFailingServerDoesNotWaitForTheSecond(t *testing.T) {
	var s Steerer
	known := []factored.Service{server(50, 4), server(100, 4)}
	update := func(now time.Duration) bool { return s.Update(now, func() []factored.Service { return known }) }
	require.True(t, update(0))
	known[0].MeanMS = 200
	require.False(t, update(900*time.Millisecond))
	require.True(t, update(time.Second))
	require.Equal(t, 50, s.Weights()[0].Value)

	known[1].Failing = 0.4
	require.False(t, update(time.Second+50*time.Millisecond))
	require.True(t, update(time.Second+100*time.Millisecond))
	require.Zero(t, s.Weights()[1].Value)
	known[1].Failing = 0 // by requests from before
	require.False(t, update(1900*time.Millisecond))
	require.True(t, update(2000*time.Millisecond), "the second's own")
	require.Zero(t, s.Weights()[1].Value)
	require.True(t, update(2200*time.Millisecond))
	require.NotZero(t, s.Weights()[1].Value)

	known = known[:1]
	require.True(t, update(2300*time.Millisecond), "other servers")
	require.Len(t, s.Weights(), 1)
}
