package metrics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSummaryAgreesWithExactNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	r := NewRecorder([]string{"a"})
	phase := r.StartPhase(0, Turn{Policy: "round_robin"})
	var ms []float64
	for range 5000 {
		d := time.Duration(math.Exp(rng.NormFloat64()*0.5+4) * float64(time.Millisecond))
		ms = append(ms, float64(d)/1e6)
		r.Request(Answer{Phase: phase, Server: "a", Latency: d})
	}
	r.Request(Answer{Phase: phase, Latency: time.Minute, Failed: true})
	r.EndPhase(100 * time.Second)

	phases, earlier := r.Phases(200*time.Second, 10)
	require.Zero(t, earlier)
	s := phases[0].Summary
	slices.Sort(ms)
	mean, sq := 0.0, 0.0
	for _, v := range ms {
		mean += v / 5000
	}
	for _, v := range ms {
		sq += (v - mean) * (v - mean)
	}
	std := math.Sqrt(sq / 4999)
	require.InEpsilon(t, mean, s.MeanMS, 1e-9)
	require.InEpsilon(t, std, s.StdMS, 1e-9)
	require.InEpsilon(t, std/mean, s.CV, 1e-9)
	require.Equal(t, ms[0], s.MinMS)
	require.Equal(t, ms[4999], s.MaxMS)
	require.InEpsilon(t, ms[2499], s.P50MS, 0.002)
	require.InEpsilon(t, ms[4749], s.P95MS, 0.002)
	require.InEpsilon(t, ms[4949], s.P99MS, 0.002)
	require.EqualValues(t, 5001, s.Requests)
	require.EqualValues(t, 1, s.Failures)
	require.InEpsilon(t, 5000.0/5001, s.SuccessRate, 1e-12)
	require.InEpsilon(t, 50, s.Throughput, 1e-12, "successful requests over the phase's own length")
	require.Equal(t, map[string]uint64{"a": 5000}, phases[0].ByServer)
}

func TestLateResultsCountInTheirOwnPhase(t *testing.T) {
	r := NewRecorder([]string{"a"})
	first := r.StartPhase(0, Turn{Policy: "round_robin"})
	second := r.StartPhase(time.Second, Turn{Policy: "q_learning", Learner: true, Updates: 40})
	r.Request(Answer{Phase: first, Server: "a", Latency: 10 * time.Millisecond})
	r.Request(Answer{Phase: second, Server: "a", Latency: 20 * time.Millisecond})
	third := r.StartPhase(3*time.Second, Turn{Policy: "round_robin"})
	r.Request(Answer{Phase: third, Server: "a", Latency: 30 * time.Millisecond})

	phases, _ := r.Phases(4*time.Second, 10)
	require.Len(t, phases, 3)
	require.Equal(t, []float64{10, 20, 30}, []float64{phases[0].Summary.MeanMS, phases[1].Summary.MeanMS, phases[2].Summary.MeanMS})
	require.Equal(t, time.Second, phases[0].End)
	require.Equal(t, 4*time.Second, phases[2].End, "the current phase ends now")
	require.True(t, phases[1].WarmStart)
	require.EqualValues(t, 40, phases[1].Updates)
	require.False(t, phases[2].WarmStart, "only a learner can start warm")

	totals := r.Policies(4 * time.Second)
	require.Equal(t, "round_robin", totals[0].Policy)
	require.Equal(t, 2, totals[0].Phases)
	require.InDelta(t, 20, totals[0].Summary.MeanMS, 1e-9)
	require.InDelta(t, 2, totals[0].Summary.ElapsedS, 1e-9, "one second of the first phase, one of the third")
}

func TestPhasesStayBounded(t *testing.T) {
	r := NewRecorder([]string{"a"})
	first := r.StartPhase(0, Turn{Policy: "p0"})
	r.Request(Answer{Phase: first, Server: "a", Latency: time.Millisecond})
	for i := 1; i < keptPhases+20; i++ {
		r.StartPhase(time.Duration(i), Turn{Policy: "p1"})
	}
	r.Request(Answer{Phase: first, Server: "a", Latency: time.Millisecond})
	phases, earlier := r.Phases(time.Hour, keptPhases*2)
	require.Len(t, phases, keptPhases)
	require.Equal(t, 20, earlier)
	require.Equal(t, keptPhases+20, r.CurrentPhase())
	require.EqualValues(t, 1, r.Policies(0)[0].Summary.Requests, "a phase that is gone takes nothing more")
}

func TestWindowHoldsTheLastFiveSeconds(t *testing.T) {
	r := NewRecorder([]string{"a", "b"})
	p := r.StartPhase(0, Turn{Policy: "round_robin"})
	for second := 1; second <= 8; second++ {
		for range second {
			r.Request(Answer{Phase: p, Server: "a", Latency: time.Duration(second) * time.Millisecond})
			r.Attempt(Answer{Server: "b", Latency: time.Duration(second) * time.Millisecond, Failed: second == 8})
		}
		r.CloseSecond(time.Duration(second)*time.Second, []Gauge{{InFlight: 3, Utilisation: 0.5}})
	}
	live := r.Live()
	require.Len(t, live.Seconds, 8)
	require.EqualValues(t, 4+5+6+7+8, live.Now.Requests)
	require.InDelta(t, 6, live.Now.Throughput, 1e-9)
	require.EqualValues(t, 8, live.Servers[1].Failures)
	require.Zero(t, live.Servers[0].Requests)
	require.Equal(t, ServerSecond{Utilisation: 0.5, InFlight: 3}, live.Seconds[7].Servers[0])
	require.Equal(t, []ServerTotal{{ID: "a", Requests: 0, Failures: 0}, {ID: "b", Requests: 36, Failures: 8}}, live.Totals)
}

func TestPublishedSecondsNeverChange(t *testing.T) {
	r := NewRecorder([]string{"a"})
	for i := range keptSeconds {
		r.CloseSecond(time.Duration(i), nil)
	}
	published := r.Live().Seconds
	for i := range keptSeconds {
		r.CloseSecond(time.Duration(keptSeconds+i), nil)
	}
	require.Len(t, published, keptSeconds)
	for i, s := range published {
		require.Equal(t, time.Duration(i), s.At)
	}
	require.Len(t, r.Live().Seconds, keptSeconds)
}

func TestOutOfRangeSamplesCorruptNothing(t *testing.T) {
	r := NewRecorder([]string{"a"})
	p := r.StartPhase(0, Turn{Policy: "round_robin"})
	r.Request(Answer{Phase: p, Server: "a", Latency: -time.Second})
	r.Request(Answer{Phase: p, Server: "a", Latency: 100 * time.Hour})
	r.Request(Answer{Phase: 99, Server: "a", Latency: time.Second})
	r.Request(Answer{Phase: 0, Server: "a", Latency: time.Second})
	r.Attempt(Answer{Latency: 0})
	r.Attempt(Answer{Server: "nobody", Latency: 0})
	r.CloseSecond(time.Second, nil)
	phases, _ := r.Phases(time.Second, 1)
	require.EqualValues(t, 2, phases[0].Summary.Requests)
	require.Zero(t, phases[0].Summary.MinMS)
}

func TestEventsAreNumberedAndBounded(t *testing.T) {
	e := NewEvents(3)
	require.Empty(t, e.Latest(10))
	for i := range 5 {
		e.Add(Event{At: time.Duration(i), Kind: "engine", Text: "x"})
	}
	got := e.Latest(10)
	require.Len(t, got, 3)
	require.EqualValues(t, []uint64{3, 4, 5}, []uint64{got[0].Number, got[1].Number, got[2].Number})
	require.EqualValues(t, 5, e.Latest(1)[0].Number)
}

// Served is Attempt and Request, for servers of now, of before, and of nobody.
func TestServedIsAttemptAndRequest(t *testing.T) {
	apart, together := NewRecorder([]string{"a", "b"}), NewRecorder([]string{"a", "b"})
	for n, policy := range []string{"round_robin", "q_factored", "round_robin"} {
		at := time.Duration(n) * time.Second
		p := apart.StartPhase(at, Turn{Policy: policy})
		require.Equal(t, p, together.StartPhase(at, Turn{Policy: policy}))
		for i := range 1000 {
			server := []string{"a", "b", "gone", ""}[i*i%4+i%3%2]
			latency, failed, refused := time.Duration(1+i%97)*time.Millisecond, i%11 == 0, i%13 == 0
			apart.Attempt(Answer{Server: server, Latency: latency, Failed: failed})
			apart.Request(Answer{Phase: p, Server: server, Latency: latency, Failed: failed || refused})
			together.Served(Answer{Phase: p, Server: server, Latency: latency, Failed: failed, Refused: refused})
		}
		apart.CloseSecond(at, nil)
		together.CloseSecond(at, nil)
		if n == 1 {
			apart.SetServers([]string{"b", "c"})
			together.SetServers([]string{"b", "c"})
		}
	}
	require.Equal(t, apart.Live(), together.Live())
	require.Equal(t, apart.Policies(time.Minute), together.Policies(time.Minute))
	one, _ := apart.Phases(time.Minute, 10)
	other, _ := together.Phases(time.Minute, 10)
	require.Equal(t, one, other)
	require.Contains(t, one[0].ByServer, "gone")
	require.NotContains(t, one[0].ByServer, "")
}

func BenchmarkServed(b *testing.B) {
	r := NewRecorder([]string{"a", "b", "c"})
	p := r.StartPhase(0, Turn{Policy: "round_robin"})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Served(Answer{Phase: p, Server: []string{"a", "b", "c"}[i%3], Latency: time.Duration(i%1000) * 100 * time.Microsecond})
	}
}

func BenchmarkRecord(b *testing.B) {
	r := NewRecorder([]string{"a", "b", "c"})
	p := r.StartPhase(0, Turn{Policy: "round_robin"})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d := time.Duration(i%1000) * 100 * time.Microsecond
		r.Attempt(Answer{Server: []string{"a", "b", "c"}[i%3], Latency: d})
		r.Request(Answer{Phase: p, Server: "a", Latency: d})
	}
}

func BenchmarkRecordParallel(b *testing.B) {
	r := NewRecorder([]string{"a", "b", "c"})
	p := r.StartPhase(0, Turn{Policy: "round_robin"})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			d := time.Duration(i%1000) * 100 * time.Microsecond
			r.Attempt(Answer{Server: []string{"a", "b", "c"}[i%3], Latency: d})
			r.Request(Answer{Phase: p, Server: "a", Latency: d})
		}
	})
}

// No request is lost or counted twice while seconds close and servers change.
func TestRequestsGoOnWhileSecondsClose(t *testing.T) {
	r := NewRecorder([]string{"a", "b"})
	p := r.StartPhase(0, Turn{Policy: "round_robin"})
	const each = 5000
	var requests, closer sync.WaitGroup
	for range 4 {
		requests.Go(func() {
			for i := range each {
				r.Served(Answer{Phase: p, Server: []string{"a", "b"}[i%2], Latency: time.Millisecond, Failed: i%10 == 0})
			}
		})
	}
	done := make(chan struct{})
	closer.Go(func() {
		for n := 1; ; n++ {
			r.CloseSecond(time.Duration(n)*time.Second, nil)
			r.SetServers([]string{"a", "b"})
			r.Live()
			select {
			case <-done:
				r.CloseSecond(time.Duration(n+1)*time.Second, nil)
				return
			default:
			}
		}
	})
	requests.Wait()
	close(done)
	closer.Wait()
	live := r.Live()
	var all, failed, byServer uint64
	for _, s := range live.Seconds {
		all, failed = all+s.Requests, failed+s.Failures
		for _, server := range s.Servers {
			byServer += server.Requests
		}
	}
	if len(live.Seconds) < keptSeconds { // else the first are forgotten
		require.EqualValues(t, 4*each, all)
		require.EqualValues(t, 4*each/10, failed)
		require.EqualValues(t, 4*each, byServer)
	}
	require.EqualValues(t, 2*each, live.Totals[0].Requests)
}

// BenchmarkCloseSecond is what a hundred servers cost once a second.
func BenchmarkCloseSecond(b *testing.B) {
	var ids []string
	for i := range 100 {
		ids = append(ids, fmt.Sprint(i))
	}
	r := NewRecorder(ids)
	p := r.StartPhase(0, Turn{Policy: "round_robin"})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		for k := range ids {
			r.Served(Answer{Phase: p, Server: ids[k], Latency: time.Duration(1+i%1000) * time.Millisecond})
		}
		r.CloseSecond(time.Duration(i)*time.Second, nil)
	}
}
