package experiment

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/simulate"
)

func TestPlanOutOfRange(t *testing.T) {
	for want, change := range map[string]func(*Plan){
		"no policy to run":    func(p *Plan) { p.Policies = nil },
		"is not a policy":     func(p *Plan) { p.Policies = []string{"nobody"} },
		"there twice":         func(p *Plan) { p.Policies = []string{"random", "random"} },
		"repetitions: 0":      func(p *Plan) { p.Repetitions = 0 },
		"repetitions: 1001":   func(p *Plan) { p.Repetitions = 1001 },
		"requests: -1":        func(p *Plan) { p.Requests = -1 },
		"more than 10000000":  func(p *Plan) { p.Requests = MaxRequests },
		"scenario quick: dur": func(p *Plan) { p.Scenario.Duration = 0 },

		"balancers exists in virtual time only; use slbtui simulate":  func(p *Plan) { p.Scenario.Balancers = 2 },
		"health_age exists in virtual time only; use slbtui simulate": func(p *Plan) { p.Scenario.HealthAge = time.Second },
		"zone_rtt exists in virtual time only; use slbtui simulate": func(p *Plan) {
			p.Scenario.Servers[0].Zone, p.Scenario.Zones = "a", []string{"b"}
			p.Scenario.ZoneRTT = map[simulate.ZonePair]time.Duration{simulate.PairOf("a", "b"): time.Second}
		},
		"cut exists in virtual time only; use slbtui simulate": func(p *Plan) {
			p.Scenario.Servers[0].Zone = "a"
			p.Scenario.Faults = []simulate.Fault{{Cut: simulate.PairOf("a", "a")}}
		},
		"out exists in virtual time only; use slbtui simulate": func(p *Plan) {
			p.Scenario.Faults = []simulate.Fault{{Server: "a", Out: true}}
		},

		"http://":         func(p *Plan) { p.URL = "ftp://x/" },
		"traces":          func(p *Plan) { p.Traces = make([][]simulate.Request, 1) },
		"request_timeout": func(p *Plan) { p.Config.LoadBalancer.RequestTimeout = 0 },
	} {
		p := quick("random")
		change(&p)
		_, err := Run(t.Context(), p, Observer{})
		require.ErrorContains(t, err, want)
	}
}

func TestTracesHoldTheRequestsAskedFor(t *testing.T) {
	p := quick("random")
	p.Requests = 12_000 // the scenario's ten seconds hold about 5,000
	long, err := p.trace(0)
	require.NoError(t, err)
	require.Len(t, long, 12_000)
	p.Requests = 0
	whole, err := p.trace(0)
	require.NoError(t, err)
	require.Equal(t, long[:len(whole)], whole)
	require.Less(t, whole[len(whole)-1].Due, p.Scenario.Duration)
}

func TestOrderIsRotated(t *testing.T) {
	p := quick("random", "p2c", "round_robin")
	p.URL = "http://x/"
	require.Equal(t, []string{"random", "p2c", "round_robin", Outside}, p.order(0))
	require.Equal(t, []string{Outside, "random", "p2c", "round_robin"}, p.order(3))
	require.Equal(t, p.order(1), p.order(5))
	require.Equal(t, "round_robin", p.baseline())
	require.Equal(t, "p2c", Plan{Policies: []string{"p2c", "random"}}.baseline())
}

func TestScenarioFromConfiguration(t *testing.T) {
	cfg := config.Default()
	sc, err := FromConfig(cfg, 10, time.Minute)
	require.NoError(t, err)
	require.NoError(t, sc.Validate())
	require.Equal(t, simulate.Server{ID: "server2", BaseDelayMS: 75, Workers: 8, Sigma: 0.3, Weight: 1}, sc.Servers[1])
	cfg.Servers[1] = config.Server{ID: "mine", URL: "http://127.0.0.1:9/", Weight: 1}
	_, err = FromConfig(cfg, 10, time.Minute)
	require.ErrorContains(t, err, "servers[1] mine runs elsewhere")
}
