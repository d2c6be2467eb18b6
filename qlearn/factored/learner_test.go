package factored

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"slbtui/qlearn"
)

func newRand() *rand.Rand { return rand.New(rand.NewPCG(7, 11)) }

func newLearner(servers int) *Learner { return New(servers, DefaultConfig()) }

// teach gives a server so many measurements of about ms at a level, one each 10 ms from start.
func teach(f *Learner, start time.Duration, server, level, count int, ms float64) time.Duration {
	for j := range count {
		start += 10 * time.Millisecond
		f.Learn(start, server, level, f.choice(server, level).ExpectedMS, ms*(1+0.1*float64(j%3-1)))
	}
	return start
}

func idle(servers int) LoadList {
	loads := make(LoadList, servers)
	for i := range loads {
		loads[i].Available = true
	}
	return loads
}

func TestScoresAreThoseOfTheReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		servers := rapid.IntRange(1, 6).Draw(t, "servers")
		cfg := Config{
			MinLearningRate: rapid.Float64Range(0.005, 0.5).Draw(t, "alpha"),
			SocialWeight:    rapid.Float64Range(0, 1).Draw(t, "gamma"),
		}
		spread := rapid.Float64Range(0.1, 1.2).Draw(t, "sigma")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		f, r, now := New(servers, cfg), newReference(servers, cfg), time.Duration(0)
		slow := make([]float64, servers)
		for range rapid.IntRange(1, 110).Draw(t, "completions") {
			now += time.Duration(rng.ExpFloat64() * 0.03 * float64(time.Second))
			i, n := rng.IntN(servers), int(math.Exp(rng.Float64()*6))-1
			if rng.IntN(100) == 0 { // a regime in which the server is up to e^2 times slower or faster
				slow[i] = 4*rng.Float64() - 2
			}
			b := levelOf(n)
			require.Equal(t, r.level(n), b)
			v0, _ := r.cell(i, b)
			require.InEpsilon(t, 1+v0, 1+f.servers[i].value[b].cell, 1e-7)
			latency := math.Exp(3 + 0.1*float64(i*n%40) + slow[i] + spread*rng.NormFloat64())
			switch rng.IntN(20) {
			case 0:
				f.Fail(now, i)
				r.done(i, b, v0, latency, now.Seconds(), broken)
			case 1:
				f.Refuse(now, i)
				r.done(i, b, v0, latency, now.Seconds(), turnedDown)
			default:
				f.Learn(now, i, b, f.choice(i, b).ExpectedMS, latency)
				r.done(i, b, v0, latency, now.Seconds(), fine)
			}
			at := now + time.Duration(rng.IntN(5000))*time.Millisecond
			j, loads := rng.IntN(servers), make(LoadList, servers)
			loads[j] = ServerLoad{InFlight: int(math.Exp(rng.Float64() * 6)), Foreign: -1, OldestAge: time.Duration(rng.IntN(2000)) * time.Millisecond}
			load := loads.Load(j)
			held := f.held(loads, &load, &f.servers[j])
			want := r.score(j, load.InFlight, load.OldestAge.Seconds()*1000, at.Seconds())
			require.InEpsilon(t, 2+want, 2+f.score(&f.servers[j], at.Seconds(), &load, held).total(), 1e-6)
		}
	})
}

func TestLevels(t *testing.T) {
	for n, want := range map[int]int{-3: 0, 0: 0, 7: 7, 8: 8, 10: 8, 11: 9, 16: 11, 255: 22, 256: 23, 1 << 40: 23} {
		require.Equal(t, want, levelOf(n), "n=%d", n)
	}
	require.Equal(t, "7", levelLabel(7))
	require.Equal(t, "8-10", levelLabel(8))
	require.Equal(t, "256+", levelLabel(23))
	for b := 1; b < levels; b++ {
		require.Greater(t, levelCentre[b], levelCentre[b-1])
		require.Equal(t, b, levelOf(levelStart(b)))
	}
}

func TestFindsTheWorkerSlots(t *testing.T) {
	f, now := newLearner(1), time.Duration(0)
	for n := range 12 {
		now = teach(f, now, 0, levelOf(n), 30, 60*max(1, float64(n+1)/4))
	}
	s := f.servers[0]
	require.InDelta(t, 60, s.value[1].cell, 2)
	require.InDelta(t, 60*16.0/4, f.servers[0].value[levelOf(15)].cell, 20, "never visited: on the curve")
	require.InDelta(t, 0, s.value[1].slope, 1)
	require.InDelta(t, 15, s.value[6].slope, 2)
}

func TestFillsGapsBetweenMeasurements(t *testing.T) {
	f := newLearner(1)
	f.Learn(0, 0, 2, 0, 100)
	f.Learn(0, 0, 4, 0, 150)
	v := f.servers[0].value
	require.Greater(t, v[3].cell, v[2].cell)
	require.Less(t, v[3].cell, v[4].cell)
	require.Less(t, v[0].cell, v[2].cell)
	require.Greater(t, v[8].cell, v[4].cell)
}

func TestTriesUnknownServersOneRequestAtATime(t *testing.T) {
	f := newLearner(3)
	teach(f, 0, 0, 0, 10, 5)
	loads := idle(3)
	loads[1].InFlight = 1
	require.Equal(t, 2, f.Best(0, loads, newRand()).Server)
	loads[2].InFlight = 1
	require.Equal(t, 0, f.Best(0, loads, newRand()).Server)
}

func TestPutsTheFirstRequestWhereItIsSoonestDone(t *testing.T) {
	f := newLearner(2)
	teach(f, 0, 0, 0, 30, 50)
	teach(f, 0, 0, 6, 30, 90)
	now := teach(f, 0, 1, 0, 30, 200)
	loads := idle(2)
	loads[0].InFlight = 6
	require.Equal(t, 0, f.Best(now, loads, newRand()).Server, "6 in flight there is worth more than idle here")
}

func TestPoolsIdenticalServers(t *testing.T) {
	f, rng, now := newLearner(10), newRand(), time.Duration(0)
	for range 2000 {
		now += time.Millisecond
		i := rng.IntN(10)
		f.Learn(now, i, 0, f.servers[i].value[0].cell, 50*math.Exp(0.3*rng.NormFloat64()-0.045))
	}
	low, high := math.Inf(1), 0.0
	for _, s := range f.servers {
		low, high = min(low, s.value[0].cell), max(high, s.value[0].cell)
	}
	require.Less(t, high/low, 1.1)
}

func TestKeepsTheTableThroughASlowdown(t *testing.T) {
	f := newLearner(1)
	now := teach(f, 0, 0, 0, 200, 50)
	before := f.servers[0].mean
	now = teach(f, now, 0, 0, 24, 250)
	require.InDelta(t, 5, f.servers[0].drift.speed(now.Seconds()), 0.8)
	require.InDelta(t, before[0], f.servers[0].mean[0], 12, "cells are frozen but for the requests before the alarm")
	require.InDelta(t, 1, f.servers[0].drift.speed(now.Seconds()+30), 0.01, "the factor is forgotten")
	now = teach(f, now, 0, 0, 40, 50)
	require.InDelta(t, 1, f.servers[0].drift.speed(now.Seconds()), 0.2)
}

func TestKeepsFailuresOutOfTimes(t *testing.T) {
	f := newLearner(2)
	teach(f, 0, 0, 0, 20, 50)
	now := teach(f, 0, 1, 0, 20, 60)
	before := f.servers[0].mean
	f.Fail(now, 0)
	require.Equal(t, before, f.servers[0].mean)
	require.Equal(t, 1, f.Best(now, idle(2), newRand()).Server)
	require.Equal(t, 0, f.Best(now+30*time.Second, idle(2), newRand()).Server, "it is tried again")
}

func TestSeesAStallBeforeItsEnd(t *testing.T) {
	f := newLearner(2)
	teach(f, 0, 0, 0, 20, 50)
	teach(f, 0, 0, 1, 20, 50)
	now := teach(f, 0, 1, 0, 20, 80)
	loads := idle(2)
	loads[0].InFlight = 1
	require.Equal(t, 0, f.Best(now, loads, newRand()).Server)
	loads[0].OldestAge = 2 * time.Second
	require.Equal(t, 0, f.Best(now, loads, newRand()).Server, "it has answered others meanwhile")
	now += 2 * time.Second
	require.Equal(t, 1, f.Best(now, loads, newRand()).Server)
	require.Positive(t, f.Explain(now, loads)[0].CensoredMS)
	f.Learn(now, 0, 0, 50, 1900)
	require.Equal(t, 1, f.Best(now, loads, newRand()).Server, "an answer that was itself late is no sign of life")
	f.Learn(now, 0, 0, 50, 55)
	require.Zero(t, f.Explain(now, loads)[0].CensoredMS, "one in time is")
}

func TestNeverChoosesAnUnavailableServer(t *testing.T) {
	f, rng := New(4, Config{ExplorationRate: 0.5}), newRand()
	loads := idle(4)
	loads[0].Available, loads[2].Available = false, false
	counts := make([]int, 4)
	for range 4000 {
		counts[f.Choose(0, loads, rng).Server]++
	}
	require.Zero(t, counts[0]+counts[2])
	require.InDelta(t, 2000, counts[1], 150, "ties and exploration are fair")
	c := f.Choose(0, make(LoadList, 4), rng)
	require.Equal(t, -1, c.Server)
	require.Equal(t, -1, f.Choose(0, LoadList{}, rng).Server)
	require.Equal(t, 1, f.lastServer%2, "no choice leaves the last one shown")
}

func TestSurvivesNonsense(t *testing.T) {
	f := newLearner(2)
	now := teach(f, 0, 0, 0, 100, 50)
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 0, 1e300, 5e-324} {
		f.Learn(now, 0, 0, 50, bad)
		f.Learn(now, 1, 23, bad, 50)
		f.Learn(now, 1, 0, bad, bad)
	}
	for _, i := range []int{-1, 2, 1 << 40} {
		f.Learn(now, i, 0, 50, 50)
		f.Learn(now, 0, i*24, 50, 50)
		f.Fail(now, i)
		f.Refuse(now, i)
		require.Equal(t, -1, f.At(i, idle(2)).Server)
	}
	f.Fail(-time.Hour, 0)
	f.SetConfig(Config{MinLearningRate: math.NaN(), SocialWeight: math.Inf(1), ExplorationRate: -1, Balancers: -7})
	for _, e := range f.Explain(now-time.Minute, LoadList{{InFlight: -5, Available: true}, {InFlight: 1 << 40, OldestAge: 1 << 62}}) {
		for _, x := range []float64{e.CellMS, e.Speed, e.SocialMS, e.CensoredMS, e.FailMS, e.HopeMS, e.RefusedMS, e.ProbationMS, e.ScoreMS} {
			require.False(t, math.IsNaN(x) || math.IsInf(x, 0), "%+v", e)
		}
	}
	for _, row := range f.Table(0).Rows {
		for _, q := range row.Q {
			require.False(t, math.IsNaN(q) || math.IsInf(q, 0))
		}
	}
}

func TestTable(t *testing.T) {
	f := newLearner(2)
	teach(f, 0, 0, 0, 3, 50)
	teach(f, 0, 1, 0, 3, 70)
	teach(f, 0, 1, 8, 1, 100)
	table := f.Table(0)
	require.Equal(t, "factored", table.Kind)
	require.Equal(t, 2, table.States)
	require.Equal(t, -1, table.LastRow)
	require.Equal(t, qlearn.Row{ID: 0, Label: "0", Q: []float64{-5, -7}, Visits: []uint64{3, 3}, Best: 0, Used: 6}, rounded(table.Rows[0]))
	require.Equal(t, qlearn.Row{ID: 8, Label: "8-10", Q: []float64{0, -9}, Visits: []uint64{0, 1}, Best: 1, Used: 7}, rounded(table.Rows[1]))
	require.Len(t, f.Table(1).Rows, 1)
	require.Equal(t, 2, f.Table(1).States)
	c := f.Choose(0, idle(2), newRand())
	require.Equal(t, c.Server, f.Table(0).LastServer)
	require.Equal(t, uint64(7), f.Stats().Updates)
	f.Reset()
	require.Empty(t, f.Table(0).Rows)
	require.Equal(t, qlearn.Stats{Epsilon: 0.002}, f.Stats())
}

func rounded(r qlearn.Row) qlearn.Row {
	for i := range r.Q {
		r.Q[i] = math.Round(r.Q[i]*1e6) / 1e6
	}
	return r
}

func TestExplanationAddsUp(t *testing.T) {
	f, rng, now := newLearner(4), newRand(), time.Duration(0)
	for range 500 {
		now += 5 * time.Millisecond
		n := rng.IntN(10)
		f.Learn(now, rng.IntN(3), levelOf(n), 0, float64(20+5*n)*(0.5+rng.Float64()))
	}
	f.Fail(now, 1)
	loads := idle(4)
	loads[0].InFlight, loads[0].OldestAge = 9, 5*time.Second
	best := f.Best(now, loads, rng)
	for _, e := range f.Explain(now, loads) {
		if e.Known {
			require.InDelta(t, e.ScoreMS, e.CellMS*e.Speed+e.HopeMS+e.SocialMS+e.CensoredMS+e.FailMS+e.RefusedMS+e.ProbationMS, 1e-9)
		}
		require.GreaterOrEqual(t, e.ScoreMS, f.Explain(now, loads)[best.Server].ScoreMS)
	}
	require.Equal(t, -1.0, f.Explain(now, loads)[3].CellMS)
}

func ExampleLearner() {
	f := New(2, DefaultConfig())
	for range 20 {
		f.Learn(time.Second, 0, 0, 0, 50) // 50 ms when idle
		f.Learn(time.Second, 0, 6, 0, 90) // 90 ms with six there
		f.Learn(time.Second, 1, 0, 0, 200)
	}
	loads := LoadList{{InFlight: 6, Available: true}, {InFlight: 0, Available: true}}
	rng := rand.New(rand.NewPCG(1, 1))
	fmt.Println("server", f.Best(time.Second, loads, rng).Server)
	for _, row := range f.Table(0).Rows {
		fmt.Println(row.Label, row.Q)
	}
	// Output:
	// server 0
	// 0 [-5 -20]
	// 6 [-9 0]
}

// warm is a learner with a lived-in table, and a busy view for it.
func warm(servers int) (*Learner, LoadList, time.Duration) {
	f, rng, now, loads := newLearner(servers), newRand(), time.Duration(0), idle(servers)
	for range 1000 * servers {
		now += time.Millisecond
		i, n := rng.IntN(servers), rng.IntN(20)
		f.Learn(now, i, levelOf(n), f.servers[i].value[levelOf(n)].cell, float64(20+i+5*n)*(0.5+rng.Float64()))
	}
	for i := range loads {
		loads[i].InFlight, loads[i].OldestAge = rng.IntN(20), time.Duration(rng.IntN(300))*time.Millisecond
	}
	return f, loads, now
}

func BenchmarkChoose(b *testing.B) {
	for _, servers := range []int{3, 30, 100} {
		for _, failing := range []bool{false, true} {
			b.Run(fmt.Sprintf("servers=%d/failing=%t", servers, failing), func(b *testing.B) {
				f, loads, now := warm(servers)
				if failing {
					for i := range servers {
						f.Fail(now, i)
					}
				}
				rng := newRand()
				b.ReportAllocs()
				for b.Loop() {
					f.Choose(now, loads, rng)
				}
			})
		}
	}
}

func BenchmarkLearn(b *testing.B) {
	for _, servers := range []int{3, 100} {
		b.Run(fmt.Sprintf("servers=%d", servers), func(b *testing.B) {
			f, _, now := warm(servers)
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				i = (i + 1) % servers
				now += time.Millisecond
				f.Learn(now, i, 5, f.servers[i].value[5].cell, 45)
			}
		})
	}
}

// A factor long past is left out of the sum, which must not change it.
func TestSpeedIsExactlyOneWhenDriftIsOver(t *testing.T) {
	for _, logSpeed := range []float64{-25, -1, 0.3, 25} {
		d := drift{logSpeed: fading{value: logSpeed, since: 1000}}
		last := 1000 + driftOverSeconds
		require.Equal(t, 1.0, math.Exp(d.logSpeed.at(last)), "%v", logSpeed)
		require.Equal(t, 1.0, d.speed(last))
		require.Equal(t, 1.0, d.speed(last+1))
		require.NotEqual(t, 1.0, d.speed(1010))
	}
}
