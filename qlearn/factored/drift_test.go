package factored

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// lognormal teaches server so many times of mean ms and spread sigma, one each 10 ms from now on.
func (l *lab) lognormal(server, level, count int, ms, sigma float64) {
	for range count {
		l.now += 10 * time.Millisecond
		expected := l.f.choice(server, level).ExpectedMS
		l.f.Learn(l.now, server, level, expected, ms*math.Exp(sigma*l.rng.NormFloat64()-sigma*sigma/2))
	}
}

// A server that gets slower by a tenth at a time never moves a spread at once, as its cells follow.
func TestSeesAServerThatCreeps(t *testing.T) {
	l := newLab(2)
	l.lognormal(0, 0, 300, 50, 0.3)
	l.lognormal(1, 0, 300, 50, 0.3)
	slow := 50.0
	for range 8 {
		slow *= 1.1
		l.lognormal(0, 0, 60, slow, 0.3)
	}
	s := &l.f.servers[0]
	require.Greater(t, s.value[0].cell*s.drift.speed(l.now.Seconds()), 0.85*slow)
	require.Less(t, s.value[0].cell, 0.75*slow, "it is the factor that tells, and not the table")
}

func TestNoiseIsNoDrift(t *testing.T) {
	for _, sigma := range []float64{0.1, 0.3, 1} {
		l, alarms := newLab(2), 0
		for range 2000 {
			l.lognormal(0, 0, 1, 50, sigma)
			if l.f.servers[0].drift.alarmUntil > l.now.Seconds() {
				alarms++
			}
		}
		require.Less(t, alarms, 200, "sigma %v", sigma)
	}
}

// Blocks of sixteen that are all slow or all fast are sixteen times less evidence than they look like.
func TestDependentTimesRaiseTheLimits(t *testing.T) {
	l := newLab(1)
	for i := range 200 {
		ms := 40.0
		if i%2 == 0 {
			ms = 60
		}
		l.lognormal(0, 0, blockLength, ms, 0.1)
	}
	require.Greater(t, l.f.calm.dependence(), 1.8)
	l = newLab(1)
	l.lognormal(0, 0, 3200, 50, 0.1)
	require.Less(t, l.f.calm.dependence(), 1.5)
}

// What a stall leaves behind is no service time: it must not stay in a cell that few others enter.
func TestAnOutlierRuinsNoCell(t *testing.T) {
	l := newLab(1)
	l.lognormal(0, 0, 50, 50, 0.3)
	l.lognormal(0, 3, 2, 50, 0.3)
	l.f.Learn(l.now, 0, 3, l.f.servers[0].value[3].cell, 10_000)
	require.Less(t, l.f.servers[0].value[3].cell, 120.0)
	l.lognormal(0, 3, 400, 500, 0.3)
	s := &l.f.servers[0]
	require.InEpsilon(t, 500, s.value[3].cell*s.drift.speed(l.now.Seconds()), 0.3, "what is slow lastingly counts")
}

func TestWhatAllSufferIsNobodysDrift(t *testing.T) {
	l := newLab(3)
	for i := range 3 {
		l.lognormal(i, 0, 200, 50, 0.2)
	}
	for range 100 {
		for i := range 3 {
			l.lognormal(i, 0, 1, 100, 0.2)
		}
	}
	for i := range l.f.servers {
		s := &l.f.servers[i]
		require.InDelta(t, 0, s.drift.logSpeed.at(l.now.Seconds()), drifting, "server %d", i)
		require.InEpsilon(t, 100, s.value[0].cell, 0.2)
	}
}

// Requests that are on their way while tables move together are measured against where these are now. Else each of
// them would move the tables again.
func TestTablesThatMoveTogetherStopMoving(t *testing.T) {
	l := newLab(3)
	for i := range 3 {
		l.lognormal(i, 0, 200, 50, 0.2)
	}
	var underway []Choice
	for range 200 {
		for i := range 3 {
			underway = append(underway, l.f.choice(i, 0))
		}
	}
	for _, c := range underway {
		l.now += 10 * time.Millisecond
		l.f.Learn(l.now, c.Server, c.Level, c.ExpectedMS, 200*math.Exp(0.2*l.rng.NormFloat64()-0.02))
	}
	for i := range l.f.servers {
		s := &l.f.servers[i]
		require.InEpsilon(t, 200, s.value[0].cell*s.drift.speed(l.now.Seconds()), 0.15, "server %d", i)
	}
}

// Very unlike times are no drift, and a server alone has no others to be told so by.
func TestAServerAloneIsCalmHoweverUnlikeItsTimesAre(t *testing.T) {
	l := newLab(1)
	for range 5000 {
		l.lognormal(0, 0, 1, 100, 2)
		require.InDelta(t, 0, l.f.servers[0].drift.logSpeed.at(l.now.Seconds()), drifting)
	}
}

func TestMiddle(t *testing.T) {
	for _, c := range []struct {
		of   []float64
		want float64
	}{
		{nil, 0}, {[]float64{2}, 0}, {[]float64{0, 1.6}, 0}, {[]float64{-1, 1}, 0}, {[]float64{1.2, 0.7}, 0.7},
		{[]float64{-0.7, -1.2}, -0.7}, {[]float64{0, 0, 3}, 0}, {[]float64{3, 0.5, 0.4}, 0.5},
	} {
		require.Equal(t, c.want, middle(c.of), "%v", c.of)
	}
}
