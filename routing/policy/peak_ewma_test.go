package policy

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPeakAverage(t *testing.T) {
	var a peakAverage
	a.add(0, 50)
	require.Equal(t, 50.0, a.read(0))
	require.InDelta(t, 50/math.E, a.read(10*time.Second), 1e-9, "fades with tau = 10 s")

	a.add(10*time.Second, 30)
	require.InDelta(t, 50/math.E+30*(1-1/math.E), a.read(10*time.Second), 1e-9, "a lower one draws it down")
	a.add(11*time.Second, 400)
	require.Equal(t, 400.0, a.read(11*time.Second), "a peak replaces it at once")
	require.Equal(t, 400.0, a.read(5*time.Second), "time doesn't run backwards")
}

func TestPeakScore(t *testing.T) {
	c := peakCosts{rng: NewRand(1)}
	v := idleServers(3)
	c.fit(v)
	require.Zero(t, c.score(v, 0), "unmeasured: try it")
	v.Servers[0].InFlight = 1
	require.Greater(t, c.score(v, 0), 1e9, "but one request at a time")

	c.Done(Token{Server: 1}, answered(-60*time.Millisecond, 60))
	v.Servers[1].InFlight = 2
	require.InDelta(t, 180, c.score(v, 1), 1e-9)
}

func TestPeakCountsWhatServersDid(t *testing.T) {
	late := Outcome{Latency: 3 * time.Second}
	for name, c := range map[string]struct {
		change func(*Outcome)
		want   float64
	}{
		"a good answer":   {func(o *Outcome) { o.Status = 200 }, 3000},
		"an error answer": {func(o *Outcome) { o.Status = 503 }, 3000},
		"a timeout":       {func(o *Outcome) { o.Failure = FailureTimeout }, 3000},
		"the client left": {func(o *Outcome) { o.Cancelled = true }, 0},
		"our own fault":   {func(o *Outcome) { o.Failure = FailureLocal }, 0},
		"negative":        {func(o *Outcome) { o.Latency = -1 }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPeakEWMAFull(Options{}).(*peakEWMAFull)
			_, token := p.Pick(idleServers(1))
			o := late
			c.change(&o)
			p.Done(token, o)
			require.Equal(t, c.want, p.servers[0].read(0))
		})
	}
}

func TestPeakEWMAPrefersTheFaster(t *testing.T) {
	for _, create := range []func(Options) Policy{newPeakEWMA, newPeakEWMAFull} {
		p, v := create(Options{}), idleServers(2)
		for range 20 { // one measurement each
			server, token := p.Pick(v)
			p.Done(token, answered(v.Now, []float64{100, 40}[server]))
		}
		require.Equal(t, []int{1, 1, 1}, sequence(p, v, 3), p.Name())
		v.Servers[1].InFlight = 2
		require.Equal(t, []int{0, 0, 0}, sequence(p, v, 3), "%s: 3 x 40 > 100", p.Name())
	}
}
