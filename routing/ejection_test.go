package routing

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
)

// guarded is a pool of n servers with every protection on, and the log of its changes.
func guarded(t *testing.T, n int, opts ...PoolOption) (*Pool, *[]string) {
	t.Helper()
	p := testPool(t, n, HealthConfig{Path: "/", Timeout: time.Second, Rise: 1, Fall: 1},
		append([]PoolOption{WithOutlier(DefaultOutlierConfig()), WithSlowStart(DefaultSlowStartConfig(), 1)}, opts...)...)
	log := &[]string{}
	f := func(c Change) { *log = append(*log, c.ID+" "+c.State.String()+": "+c.Reason) }
	p.onChange.Store(&f)
	return p, log
}

func (p *Pool) fail(server, times int) {
	for range times {
		f, _ := p.upstreams[server].begin(p.Now())
		p.answered(server, f, policy.Outcome{Now: p.Now(), Status: 500}, false)
	}
}

// offered counts how often each server may be picked in 1000 picks of now.
func (p *Pool) offered(exclude ...int) []int {
	n := make([]int, len(p.upstreams))
	for range 1000 {
		v := make([]policy.ServerView, len(n))
		p.view(v, make([]standing, len(n)), p.Now(), exclude, false)
		for i := range v {
			if v[i].Available {
				n[i]++
			}
		}
	}
	return n
}

func TestEjectedServerStaysOutAndReturnsSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, log := guarded(t, 3)
		p.fail(1, 4)
		require.Equal(t, []int{1000, 1000, 1000}, p.offered())
		p.fail(1, 1)
		require.Equal(t, []int{1000, 0, 1000}, p.offered())
		s := p.Status()[1]
		require.Equal(t, StateEjected, s.State)
		require.True(t, s.Up, "its health checks are fine")
		require.Equal(t, 5*time.Second, s.EjectedFor)

		time.Sleep(5 * time.Second)
		require.InDelta(t, 100, p.offered()[1], 40, "a tenth at first")
		require.Equal(t, StateUp, p.Status()[1].State)
		time.Sleep(1250 * time.Millisecond)
		require.InDelta(t, 500, p.offered()[1], 70, "half of a window that is half as long as it was away, half of the share")
		require.Equal(t, 1000, p.offered(0, 2)[1], "but all when no other is left")
		time.Sleep(1250 * time.Millisecond)
		require.Equal(t, 1000, p.offered()[1])

		p.fail(1, 1)
		require.Equal(t, StateEjected, p.Status()[1].State, "on probation")
		require.EqualValues(t, 2, p.Status()[1].Ejections)
		require.Equal(t, []string{
			"s2 EJECTED: 5 failures in a row; out for 5s",
			"s2 up: ejection is over",
			"s2 EJECTED: failed again after its return; out for 10s",
		}, *log)
	})
}

func TestEjectionsKeepTheirShare(t *testing.T) {
	for n, most := range map[int]int{1: 0, 2: 1, 3: 1, 4: 2} {
		p, _ := guarded(t, n)
		for i := range n {
			p.fail(i, 10)
		}
		ejected := 0
		for _, s := range p.Status() {
			if s.Ejected {
				ejected++
			}
		}
		require.Equal(t, most, ejected, "of %d", n)
	}
}

// When the server that is left dies, the ejected one is used again; the dead one never is.
func TestFailOpen(t *testing.T) {
	p, log := guarded(t, 2)
	p.fail(0, 5)
	require.Equal(t, []int{0, 1000}, p.offered())
	p.Polled(1, Poll{Reason: "no answer"})
	require.Equal(t, []int{1000, 0}, p.offered())
	p.Polled(1, Poll{Answered: true, Reason: "503"})
	require.Equal(t, []int{1000, 1000}, p.offered(), "better one that calls itself ill than a certain 503")
	p.Polled(1, Poll{Answered: true, Good: true})
	require.Zero(t, p.offered()[0])
	require.Equal(t, []string{
		"s1 EJECTED: 5 failures in a row; out for 5s",
		"s2 DOWN: no answer",
		" up: 0 of 2 servers are left: ejected and unhealthy ones are used, too",
		"s2 up: ",
		" up: enough servers are left again: ejected and unhealthy ones are out",
	}, *log)
}

func TestNothingIsEjectedUnlessAsked(t *testing.T) {
	p := testPool(t, 2, HealthConfig{})
	p.fail(0, 1000)
	require.Equal(t, []int{1000, 1000}, p.offered())
}

func TestDrainedServerFinishesAndComesBack(t *testing.T) {
	p, log := guarded(t, 2)
	r := NewRouter(p, &policytest.FirstFree{})
	d, _ := r.Pick()
	require.Equal(t, 0, d.Server())
	require.NoError(t, p.Drain("s1", true))
	require.NoError(t, p.Drain("s1", true))
	require.Equal(t, []int{0, 1000}, p.offered())
	require.Equal(t, StateDraining, p.Status()[0].State)
	require.Equal(t, 1, p.Status()[0].InFlight)
	require.Equal(t, UsePlain, p.Use())
	d.Done(policy.Outcome{Status: 200})
	require.NoError(t, p.Drain("s2", true))
	_, ok := r.Pick()
	require.False(t, ok, "no panic takes in what an operator took out")
	require.Equal(t, UseNone, p.Use())
	require.NoError(t, p.Drain("s1", false))
	d, ok = r.Pick()
	require.True(t, ok, "even at the very beginning of its slow start: it is the only one")
	d.Done(policy.Outcome{Status: 200})
	require.ErrorContains(t, p.Drain("s9", true), `no server "s9"`)
	require.Equal(t, []string{"s1 DRAINING: no new requests, by order", "s2 DRAINING: no new requests, by order", "s1 up: takes requests again, by order"}, *log)
}

// However a server was away, its slow start is no longer than half of that, and no longer than what is set. While
// something else keeps it out, none begins.
func TestSlowStartIsAsShortAsTheAbsence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := guarded(t, 3)
		window := func() time.Duration { return p.upstreams[1].warming.window }
		for away, want := range map[time.Duration]time.Duration{3 * time.Second: 1500 * time.Millisecond, time.Hour: 10 * time.Second} {
			p.Polled(1, Poll{Answered: true})
			time.Sleep(away)
			p.Polled(1, Poll{Answered: true, Good: true})
			require.Equal(t, want, window(), "down")

			time.Sleep(want)
			require.NoError(t, p.Drain("s2", true))
			time.Sleep(away)
			require.NoError(t, p.Drain("s2", false))
			require.Equal(t, want, window(), "drained")
			time.Sleep(want)
		}
		p.fail(1, 5)
		p.Polled(1, Poll{})
		time.Sleep(6 * time.Second)
		require.Zero(t, p.offered()[1], "the ejection is over, but it is down")
		p.Polled(1, Poll{Answered: true, Good: true})
		require.Equal(t, 3*time.Second, window(), "down and ejected")
	})
}

// A server that is new, and goes away for a moment while it warms up, is still to be warmed up.
func TestAShortAbsenceDoesNotEndASlowStart(t *testing.T) {
	var s slowStart
	s.begin(0, 10*time.Second, 1)
	s.leave(time.Second)
	s.begin(2*time.Second, 10*time.Second, 1)
	require.Equal(t, 9500*time.Millisecond, s.window)
	s.leave(30 * time.Second)
	s.begin(32*time.Second, 10*time.Second, 1)
	require.Equal(t, time.Second, s.window, "that one had ended")
	s.leave(32*time.Second + 500*time.Millisecond)
	s.begin(time.Hour, 10*time.Second, 1)
	require.Equal(t, 10*time.Second, s.window)
}
