package fit

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/simulate"
	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy"
)

// options of policies as the built-in configuration has them.
func options() policy.Options {
	return policy.Options{
		QLearning: qlearn.DefaultConfig(), Encoder: qlearn.DefaultEncoderConfig(), Reward: qlearn.DefaultRewardConfig(), QFactored: factored.DefaultConfig(),
	}
}

// world A of the measurements: three servers of 50, 75 and 100 ms with four slots.
func world(load float64, faults ...simulate.Fault) simulate.Scenario {
	sc := simulate.Scenario{Name: "truth", Duration: time.Minute, Load: load, Faults: faults, Records: true}
	for i, ms := range []float64{50, 75, 100} {
		sc.Servers = append(sc.Servers, simulate.Server{ID: []string{"app1", "app2", "app3"}[i], BaseDelayMS: ms, Workers: 4, Sigma: 0.3})
	}
	return sc
}

func sharing(sc simulate.Scenario) simulate.Scenario {
	sc.Servers = slices.Clone(sc.Servers)
	for i := range sc.Servers {
		sc.Servers[i].Discipline = simulate.Sharing
	}
	return sc
}

// logged writes a run down as a balancer does: in milliseconds, cut off.
func logged(t testing.TB, sc simulate.Scenario, name string, seed uint64) *Log {
	t.Helper()
	r, err := simulate.Run(sc, name, options(), seed)
	require.NoError(t, err)
	l := &Log{Format: "haproxy", Resolution: time.Millisecond, Servers: sc.ServerIDs()}
	began := time.Date(2026, 11, 27, 9, 30, 0, 0, time.UTC).UnixNano()
	for _, x := range r.Records {
		q := Request{Start: time.Duration(began) + x.Due.Truncate(time.Millisecond), Server: x.Server, Others: Unknown}
		q.End = q.Start + x.Latency.Truncate(time.Millisecond) + time.Millisecond/2
		if x.Failed {
			q.Outcome = Failed
			if x.Latency >= simulate.DefaultClientTimeout {
				q.Outcome = TimedOut
			}
		}
		l.Requests = append(l.Requests, q)
	}
	return l
}

// graded fits a log, checks the model and grades it.
func graded(t testing.TB, l *Log) (*Model, Check, Grade, []string) {
	t.Helper()
	m, err := Fit(l)
	require.NoError(t, err)
	c, err := m.Check(options())
	require.NoError(t, err)
	g, reasons := m.Judge(c)
	return m, c, g, reasons
}

// sample leaves a share of the lines.
func sample(l *Log, share float64) *Log {
	rng := rand.New(rand.NewPCG(1, 2))
	p := *l
	p.Requests = slices.DeleteFunc(slices.Clone(l.Requests), func(Request) bool { return rng.Float64() >= share })
	return &p
}
