package experiment

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends"
	"slbtui/backends/fault"
	"slbtui/engine/config"
	"slbtui/engine/report"
	"slbtui/engine/simulate"
)

// quick is a plan of a fraction of a second a run.
func quick(policies ...string) Plan {
	cfg := config.Default()
	cfg.Metrics.PollingIntervalSeconds = 0.05
	cfg.Health.Timeout = time.Minute // a busy machine is no dead server
	return Plan{
		Scenario: simulate.Scenario{
			Name: "quick", Duration: 10 * time.Second, Rate: 500,
			Servers: []simulate.Server{{ID: "a", BaseDelayMS: 1, Sigma: 0.3}, {ID: "b", BaseDelayMS: 2, Workers: 4, Sigma: 0.3}},
		},
		Policies: policies, Repetitions: 2, Requests: 100, Seed: 7, Config: cfg, Version: "test",
	}
}

// log keeps what an Observer is told.
type log struct {
	requests []report.Request
	traces   [][]simulate.Request
	progress []Progress
}

func (l *log) observer() Observer {
	return Observer{
		Progress: func(p Progress) { l.progress = append(l.progress, p) },
		Trace: func(_ int, _ uint64, trace []simulate.Request) error {
			l.traces = append(l.traces, trace)
			return nil
		},
		Request: func(r report.Request) error {
			l.requests = append(l.requests, r)
			return nil
		},
	}
}

func TestEveryPolicyMeetsTheSameTraces(t *testing.T) {
	var l log
	policies := []string{"round_robin", "least_request", "q_learning"}
	c, err := Run(t.Context(), quick(policies...), l.observer())
	require.NoError(t, err)

	require.Len(t, l.traces, 2)
	require.NotEqual(t, l.traces[0], l.traces[1])
	require.Len(t, l.requests, 2*3*100)
	counts := map[report.Request]int{}
	for _, r := range l.requests {
		require.Equal(t, l.traces[r.Repetition-1][r.ID-1].Due, r.Intended)
		require.Equal(t, r.ID <= 20, r.Part == report.PartCold, "a fifth of 100")
		require.Positive(t, r.InFlight)
		counts[report.Request{Policy: r.Policy, Repetition: r.Repetition, ID: r.ID}]++
	}
	require.Len(t, counts, 2*3*100, "each once")

	require.Equal(t, policies, c.Policies)
	require.Equal(t, "round_robin", c.Baseline)
	require.Equal(t, []int{2, 2}, []int{c.Repetitions, c.Planned})
	require.Equal(t, []uint64{7, 8}, c.Seeds)
	require.EqualValues(t, 100, c.Requests)
	for i, name := range policies {
		s := c.Strategies[name]
		require.EqualValues(t, 200, s.Summary.Requests)
		require.EqualValues(t, 40, s.Cold.Requests)
		require.EqualValues(t, 160, s.Warm.Requests)
		require.EqualValues(t, 200, s.ByServer["a"]+s.ByServer["b"])
		require.Len(t, s.Runs, 2)
		require.Equal(t, i+1, s.Runs[0].Order)
		require.Equal(t, (i+2)%3+1, s.Runs[1].Order, "rotated")
		require.Len(t, s.Windows, windows)
		require.Len(t, s.LearningCurve, curvePoints)
		require.NotEmpty(t, s.CCDF)
		var inWindows, inSeconds uint64
		for _, w := range s.Windows {
			inWindows += w.Requests
		}
		for _, p := range s.Timeline {
			inSeconds += p.Requests
		}
		require.EqualValues(t, 200, inWindows)
		require.EqualValues(t, 200, inSeconds)
	}
	require.True(t, c.Strategies["q_learning"].Learner)
	require.NotContains(t, c.Improvement, "round_robin")
	require.EqualValues(t, 200, c.Improvement["q_learning"].All.Pairs)
	require.EqualValues(t, 40, c.Improvement["q_learning"].Cold.Pairs)
	require.EqualValues(t, 160, c.Improvement["q_learning"].Warm.Pairs)

	last := l.progress[len(l.progress)-1]
	require.Equal(t, []int{6, 6, 600, 600}, []int{last.Run, last.Runs, last.Done, last.Total})
}

// The luck belongs to the request: whatever server it reaches, the same ones fail.
func TestTheSameRequestsFailUnderEveryPolicy(t *testing.T) {
	plan := quick("round_robin", "random", "q_factored")
	plan.Repetitions = 1
	for _, s := range plan.Scenario.Servers {
		plan.Scenario.Faults = append(plan.Scenario.Faults, simulate.Fault{Server: s.ID, Fault: fault.Fault{ErrorRate: 0.3}})
	}
	var l log
	c, err := Run(t.Context(), plan, l.observer())
	require.NoError(t, err)
	require.Len(t, l.requests, 300)
	failures := uint64(0)
	for _, r := range l.requests {
		require.Equal(t, l.traces[0][r.ID-1].Luck >= 0.3, r.Success)
		if !r.Success && r.Policy == "random" {
			failures++
		}
	}
	require.Positive(t, failures)
	for _, name := range plan.Policies {
		require.Equal(t, failures, c.Strategies[name].Summary.Failures)
	}
	require.Equal(t, 100-failures, c.Improvement["random"].All.Pairs, "failures are not paired")
	require.Equal(t, "errors 30%", c.Faults[0].Kind)
}

// The times are far apart, so that a busy machine does not matter.
func TestFaultsComeInRealTime(t *testing.T) {
	plan := quick("round_robin")
	plan.Repetitions, plan.Requests = 1, 0
	plan.Traces = [][]simulate.Request{{{Due: 0}, {Due: time.Millisecond}, {Due: 1800 * time.Millisecond}, {Due: 1801 * time.Millisecond}}}
	for _, s := range plan.Scenario.Servers {
		plan.Scenario.Faults = append(plan.Scenario.Faults, simulate.Fault{Server: s.ID, At: 900 * time.Millisecond, Fault: fault.Fault{ErrorRate: 1}})
	}
	var l log
	_, err := Run(t.Context(), plan, l.observer())
	require.NoError(t, err)
	require.Len(t, l.requests, 4)
	for _, r := range l.requests {
		require.Equal(t, r.ID <= 2, r.Success)
	}
}

func TestAnOutsideBalancerTakesPart(t *testing.T) {
	var mu sync.Mutex
	sizes := map[string]int{}
	balancer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		sizes[r.Header.Get(backends.SizeHeader)+"/"+r.Header.Get(backends.LuckHeader)]++
		mu.Unlock()
		w.Header().Set("X-Served-By", "elsewhere")
	}))
	defer balancer.Close()
	plan := quick("round_robin")
	plan.URL, plan.Repetitions = balancer.URL+"/", 1
	var l log
	c, err := Run(t.Context(), plan, l.observer())
	require.NoError(t, err)
	require.Equal(t, []string{"round_robin", Outside}, c.Policies)
	require.True(t, c.Strategies[Outside].Outside)
	require.Equal(t, map[string]uint64{"elsewhere": 100}, c.Strategies[Outside].ByServer)
	require.Nil(t, c.Improvement[Outside].All, "other servers: nothing is paired")
	require.Contains(t, strings.Join(c.Notes, "\n"), "For the same servers: run slbtui backends")
	var b strings.Builder
	require.NoError(t, report.ComparisonMarkdown(&b, c))
	require.Contains(t, b.String(), "in front of servers of its own")
	require.Contains(t, b.String(), "against round_robin (other servers: not a tested difference).")
	require.NotContains(t, b.String(), "Paired:")
	for _, q := range l.traces[0] {
		key := strconv.FormatFloat(q.Size, 'g', -1, 64) + "/" + strconv.FormatFloat(q.Luck, 'g', -1, 64)
		require.Equal(t, 1, sizes[key])
	}
}

func TestRequestsNotSentMakeAResultInvalid(t *testing.T) {
	plan := quick("round_robin")
	plan.Config.Traffic.MaxInFlight = 1
	plan.Scenario.Servers[0].BaseDelayMS = 20
	c, err := Run(t.Context(), plan, Observer{})
	require.NoError(t, err)
	require.NotEmpty(t, c.Invalid)
	require.Contains(t, c.Invalid[len(c.Invalid)-1], "were not sent")
	s := c.Strategies["round_robin"]
	require.Positive(t, s.Lag.Dropped)
	require.EqualValues(t, 200, s.Summary.Requests+s.Lag.Dropped)
}

func TestInterruptionReportsWhatWasFinished(t *testing.T) {
	for name, tt := range map[string]struct {
		after, repetitions int
		policies           []string
	}{
		"in the first run":     {after: 50},
		"in the first round":   {after: 150, policies: []string{"round_robin"}},
		"in the second round":  {after: 250, repetitions: 1, policies: []string{"round_robin", "random"}},
		"in the very last run": {after: 350, repetitions: 1, policies: []string{"round_robin", "random"}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			seen := 0
			c, err := Run(ctx, quick("round_robin", "random"), Observer{Request: func(report.Request) error {
				if seen++; seen == tt.after {
					cancel()
				}
				return nil
			}})
			if tt.policies == nil {
				require.ErrorIs(t, err, ErrNothingFinished)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.policies, c.Policies)
			require.Equal(t, tt.repetitions, c.Repetitions)
			require.Contains(t, c.Notes[0], "interrupted in repetition")
			for _, s := range c.Strategies {
				require.EqualValues(t, 100, s.Summary.Requests)
			}
		})
	}
}

func TestAnObserverThatFailsEndsTheExperiment(t *testing.T) {
	full := errors.New("no space left on device")
	seen := 0
	c, err := Run(t.Context(), quick("round_robin", "random"), Observer{Request: func(report.Request) error {
		if seen++; seen > 150 {
			return full
		}
		return nil
	}})
	require.ErrorIs(t, err, full)
	require.Equal(t, []string{"round_robin"}, c.Policies, "what was finished is there")

	_, err = Run(t.Context(), quick("random"), Observer{Trace: func(int, uint64, []simulate.Request) error { return full }})
	require.ErrorIs(t, err, full)
}
