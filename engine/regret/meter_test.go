package regret

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends"
	"slbtui/backends/fault"
	"slbtui/routing/policy"
)

// meter watches servers of 50, 75 and 100 ms that nobody calls.
func meter(t testing.TB) *Meter {
	m := &Meter{}
	for i, ms := range []float64{50, 75, 100} {
		b, err := backends.New(backends.Config{ID: string(rune('a' + i)), BaseDelayMS: ms, Workers: 4})
		require.NoError(t, err)
		m.servers = append(m.servers, trueServer{b, ms, 4})
	}
	return m
}

func sight(now time.Duration) policy.View {
	v := policy.View{Now: now, Servers: make([]policy.ServerView, 3)}
	for i := range v.Servers {
		v.Servers[i].Available = true
	}
	return v
}

func TestRegretIsTheDifferenceFromTheBestServer(t *testing.T) {
	m := meter(t)
	now := time.Second
	decide := func(server, want int, mean float64, why string) {
		t.Helper()
		now += every
		_, would := m.Observe(sight(now), server)
		require.Equal(t, want, would, why)
		m.CloseSecond()
		require.InDelta(t, mean, m.seconds[len(m.seconds)-1], 1e-9, why)
	}
	decide(0, 0, 0, "the best has none")
	decide(2, 0, 50, "100 ms instead of 50")
	m.servers[0].backend.SetFault(fault.Span{Fault: fault.Fault{Slow: 5}})
	decide(0, 1, 175, "250 ms instead of 75")
	m.servers[1].backend.SetFault(fault.Span{Fault: fault.Fault{ErrorRate: 0.5, Delay: 10 * time.Millisecond}})
	decide(0, 2, 150, "half of the answers of the second are errors")
	decide(1, 2, 4985, "a failure counts 10 s")
	m.servers[2].backend.SetFault(fault.Span{Fault: fault.Fault{Stall: true}})
	decide(2, 0, 9850, "it may never answer")
	m.servers[2].backend.ClearFaults()

	v := sight(now + time.Second)
	v.Servers[2].Available = false
	_, would := m.Observe(v, 0)
	require.Equal(t, 0, would, "what could not be chosen is not regretted")
	require.InDelta(t, (50+175+150+4985+9850)/1000., m.Regret().TotalS, 1e-9)
}

func TestRegretOfASampleStandsForAll(t *testing.T) {
	m := meter(t)
	now := time.Second
	for range 40 { // a decision each ms: one in five is looked at
		m.Observe(sight(now), 1)
		now += time.Millisecond
	}
	require.Equal(t, 8, m.seen.n)
	m.CloseSecond()
	r := m.Regret()
	require.Equal(t, []float64{25}, r.Seconds)
	require.InDelta(t, 1, r.TotalS, 1e-9, "40 requests of 25 ms")
	m.Observe(sight(now+time.Second), 2)
	m.Turn()
	require.Zero(t, m.Regret().PhaseMS, "another policy begins anew")
	m.CloseSecond()
	m.Observe(sight(now+2*time.Second), 2)
	m.CloseSecond()
	r = m.Regret()
	require.Equal(t, []float64{25, 0, 50}, r.Seconds)
	require.InDelta(t, 50, r.PhaseMS, 1e-9)
	require.InDelta(t, 25, r.NowMS, 1e-9)
	require.InDelta(t, 1.1, r.TotalS, 1e-9)
}

// What every request pays is the first line.
func BenchmarkRegret(b *testing.B) {
	for name, step := range map[string]time.Duration{"passed over": 0, "looked at": every} {
		b.Run(name, func(b *testing.B) {
			m := meter(b)
			v := sight(time.Second)
			m.due.Store(int64(v.Now) + 1)
			b.ReportAllocs()
			for b.Loop() {
				v.Now += step
				m.Observe(v, 1)
			}
		})
	}
}
