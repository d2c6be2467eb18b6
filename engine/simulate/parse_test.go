package simulate

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/loadgen"
)

const mine = `name: mine
about: a try
duration: 60s
rate: 87
arrivals: {burst: {factor: 2.2, on: 1s, period: 4s}}
health_age: 100ms
balancers: 2
servers:
  - {id: s1, base_delay_ms: 50, workers: 4, sigma: 0.3}
  - id: s2
    base_delay_ms: 75
    weight: 2
faults:
  - {server: s1, at: 20s, for: 20s, slow: 5}
  - {server: s2, errors: 0.5}
  - {server: s2, at: 1s, for: 1s, stall: true}
  - {server: s2, at: 1s, for: 1s, crash: true}
  - {server: s2, at: 1s, for: 1s, delay_ms: 200}
`

func TestParseScenario(t *testing.T) {
	sc, err := ParseScenario("f.yaml", []byte(mine))
	require.NoError(t, err)
	s := time.Second
	require.Equal(t, Scenario{
		Name: "mine", About: "a try", Duration: 60 * s, Rate: 87, HealthAge: 100 * time.Millisecond, Balancers: 2,
		Arrivals: Arrivals{Shape: loadgen.DefaultBurst()},
		Servers: []Server{
			{ID: "s1", BaseDelayMS: 50, Workers: 4, Sigma: 0.3},
			{ID: "s2", BaseDelayMS: 75, Weight: 2},
		},
		Faults: []Fault{
			{Server: "s1", At: 20 * s, For: 20 * s, Fault: fault.Fault{Slow: 5}},
			{Server: "s2", Fault: fault.Fault{ErrorRate: 0.5}},
			{Server: "s2", At: s, For: s, Fault: fault.Fault{Stall: true}},
			{Server: "s2", At: s, For: s, Fault: fault.Fault{Crash: true}},
			{Server: "s2", At: s, For: s, Fault: fault.Fault{Delay: 200 * time.Millisecond}},
		},
	}, sc)
}

// A share is 0-1 or a percentage, and 1.0 is all of it.
func TestParseShares(t *testing.T) {
	for text, want := range map[string]float64{"0.05": 0.05, "5%": 0.05, "5.0 %": 0.05, "1.0": 1, "1%": 0.01, "100%": 1, "1e-2": 0.01} {
		sc, err := ParseScenario("f", []byte(strings.Replace(mine, "errors: 0.5", "errors: "+text, 1)))
		require.NoError(t, err, text)
		require.InDelta(t, want, sc.Faults[1].ErrorRate, 1e-12, text)
	}
}

// The page about scenario files names every key.
func TestEveryKeyIsDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/scenarios/README.md")
	require.NoError(t, err)
	for _, text := range []string{"x: 1", "servers: [{x: 1}]", "faults: [{x: 1}]", "classes: [{x: 1}]", "arrivals: {x: 1}", "arrivals: {burst: {x: 1}}", "arrivals: {sine: {x: 1}}"} {
		_, err := ParseScenario("f", []byte(text))
		_, keys, ok := strings.Cut(err.Error(), "(allowed: ")
		require.True(t, ok, err)
		for key := range strings.SplitSeq(strings.TrimSuffix(keys, ")"), ", ") {
			require.Contains(t, string(page), "`"+key+"`")
		}
	}
}

// What the page shows can be run.
func TestDocumentedScenario(t *testing.T) {
	page, err := os.ReadFile("../../docs/scenarios/README.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(page), "```yaml scenario\n")
	require.True(t, ok)
	text, _, ok := strings.Cut(rest, "```")
	require.True(t, ok)
	sc, err := ParseScenario("README.md", []byte(text))
	require.NoError(t, err)
	slowest := sc.Capacity()
	for _, f := range sc.Faults {
		for _, s := range sc.Servers {
			if s.ID == f.Server && f.Slow > 0 {
				slowest -= s.capacity() * (1 - 1/f.Slow)
			}
		}
	}
	require.Less(t, sc.MeanRate(), slowest, "no overload, slowed down or not")
}

func TestParseArrivals(t *testing.T) {
	for text, want := range map[string]Arrivals{
		"poisson":  {},
		"constant": {Even: true},
		"ramp":     {Shape: loadgen.Ramp{From: 0.5, To: 1.5, Over: time.Minute}},
		"sine":     {Shape: loadgen.Sine{Amplitude: 0.5, Period: 20 * time.Second}},
		"burst":    {Shape: loadgen.DefaultBurst()},
		"{sine: {amplitude: 0.84, period: 200s}}": {Shape: loadgen.Sine{Amplitude: 0.84, Period: 200 * time.Second}},
		"{burst: {factor: 3}}":                    {Shape: loadgen.Burst{High: 3, On: time.Second, Period: 4 * time.Second}},
		"{burst: {period: 2.5s}}":                 {Shape: loadgen.Burst{High: 2.2, On: time.Second, Period: 2500 * time.Millisecond}},
	} {
		sc, err := ParseScenario("f", []byte("arrivals: "+text+"\nduration: 1m\nrate: 1\nservers: [{id: a, base_delay_ms: 1}]\n"))
		require.NoError(t, err, text)
		require.Equal(t, want, sc.Arrivals, text)
		require.Equal(t, "f", sc.Name)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"rate: 87", "rates: 87", "f.yaml:4: rates: unknown key (allowed: about, arrivals, balancers, blind, classes, client_timeout, duration, ejection, faults, health_age, herd, load, name, rate, servers, share_every, zone_rtt; did you mean rate?)"},
		{"rate: 87", "load: 0.5", `f.yaml:4: load: a server with unlimited workers`},
		{"rate: 87", "rate: 87\nload: 0.5", "f.yaml:4: rate: give either rate (requests/s) or load"},
		{"rate: 87", "rate: 87\nrate: 86", "f.yaml:5: rate: given twice (first on line 4)"},
		{"rate: 87", "rate: fast", `f.yaml:4: rate: "fast" is not a number (requests/s)`},
		{"rate: 87", "rate: -1", "f.yaml:4: rate: -1 is not above 0, at most 1e6"},
		{"rate: 87", "rate: .nan", "f.yaml:4: rate: NaN"},
		{"rate: 87", "rate: 900000", "f.yaml:4: rate: 9e+05 requests/s for 1m0s are more than 5000000 requests"},
		{"duration: 60s", "duration: 60", `f.yaml:3: duration: "60" is not a duration such as 60s or 500ms`},
		{"duration: 60s", "duration: 0s", "f.yaml:3: duration: 0s is not above 0s, at most 24h0m0s"},
		{"duration: 60s\n", "", "f.yaml:1: duration: 0s is not"},
		{"id: s2", "id: s1", `f.yaml:10: servers[1].id: "s1" is there twice`},
		{"id: s2", "ID: s2", "f.yaml:10: servers[1].ID: unknown key (allowed: base_delay_ms, discipline, id, limit, limit_status, pareto, sigma, weight, workers, zone)"},
		{"workers: 4", "workers: 4.5", `f.yaml:9: servers[0].workers: "4.5" is not a whole number`},
		{"sigma: 0.3", "sigma: -0.3", "f.yaml:9: servers[0].sigma: -0.3 is not within 0-3"},
		{"base_delay_ms: 75", "base_delay_ms: 0", "f.yaml:11: servers[1].base_delay_ms: 0 is not above 0, at most 60000"},
		{"server: s1", "server: s9", `f.yaml:14: faults[0].server: no server has the id "s9"`},
		{"slow: 5", "slow: 5, crash: true", "f.yaml:14: faults[0].server: a fault is one of slow, errors, stall, crash, delay_ms, out, cut, not 2"},
		{"errors: 0.5", "errors: 50", "f.yaml:15: faults[1].errors: \"50\" is not a share: 0-1, or a percentage such as 5%"},
		{"errors: 0.5", "errors: 101%", "f.yaml:15: faults[1].errors: \"101%\" is not a share"},
		{"errors: 0.5", "errors: -1%", "f.yaml:15: faults[1].errors: \"-1%\" is not a share"},
		{"slow: 5", "slow: -5", "f.yaml:14: faults[0].slow: -5 is not a factor above 0, at most 1000"},
		{"stall: true", "stall: 3", `f.yaml:16: faults[2].stall: "3" is not true or false`},
		{"delay_ms: 200", "delay_ms: .inf", "f.yaml:18: faults[4].delay_ms: +Inf is not within"},
		{"factor: 2.2", "factor: 9", "f.yaml:5: arrivals: burst: high 9 is not within 1-4"},
		{"arrivals: {burst: {factor: 2.2, on: 1s, period: 4s}}", "arrivals: bursty", `f.yaml:5: arrivals: "bursty" is no kind of arrivals (allowed: poisson, constant, ramp, sine, burst, {sine:`},
		{"name: mine", "name: [", "f.yaml:2: not YAML: did not find expected"},
		{"balancers: 2", "balancers: 2\nfaults: {}", "f.yaml:8: faults: a mapping is not a list (items beginning with -)"},
		{"name: mine", "name: [a]", "f.yaml:1: name: is not a text"},
		{"balancers: 2", "balancers: 99", "f.yaml:7: balancers: 99 is not a number of balancers (1-64)"},
		{"balancers: 2", "share_every: 1s", "f.yaml:7: share_every: one balancer has nobody to tell: give balancers, 2 or more"},
		{"balancers: 2", "balancers: 2\nshare_every: 1us", "f.yaml:8: share_every: 1µs is not within 1ms-1m"},
		{"rate: 87", "rate: 87\nherd: -1", "f.yaml:5: herd: -1 is not a number of requests (0-100000)"},
		{"rate: 87", "rate: 87\nejection: 5", `f.yaml:5: ejection: "5" is not true or false`},
		{"rate: 87", "rate: 87\nclient_timeout: 1h", "f.yaml:5: client_timeout: 1h0m0s is not within 0-10m0s (0 is 10s)"},
		{"rate: 87", "rate: 87\nblind: true", "f.yaml:5: blind: there are no classes to tell apart"},
		{"rate: 87", "rate: 87\nclasses: [{share: 0.5}, {share: 0.4}]", "f.yaml:5: classes: the shares add up to 0.9, not to 1"},
		{"rate: 87", "rate: 87\nclasses:\n- {share: 1, whole: true}", "f.yaml:6: classes[0].whole: an answer that does not stream is always heard of at its end: give hold, too"},
		{"rate: 87", "rate: 87\nclasses:\n- {share: 1, factor: 1e4}", "f.yaml:6: classes[0].factor: 10000 is not a factor, above 0, at most 1000"},
		{"rate: 87", "rate: 87\nclasses:\n- {share: 1, factor: 0}", "f.yaml:6: classes[0].factor: 0 is not a factor, above 0, at most 1000"},
		{"rate: 87", "rate: 87\nclasses:\n- {share: 0}", "f.yaml:6: classes[0].share: 0 is not a share of the requests, above 0, at most 1"},
		{"rate: 87", "rate: 87\nclasses:\n- {share: 1, hold: 2h}", "f.yaml:6: classes[0].hold: 2h0m0s is not within 0-1h0m0s"},
		{"rate: 87", "rate: 87\nclasses:\n- {share: 1, path: /x}", "f.yaml:6: classes[0].path: unknown key (allowed: factor, hold, share, whole)"},
		{"weight: 2", "pareto: 1", "f.yaml:12: servers[1].pareto: 1 is not an exponent within 1.01-100: at 1 there is no mean"},
		{"weight: 2", "discipline: lifo", `f.yaml:12: servers[1].discipline: "lifo" is no queue discipline (allowed: slots, sharing)`},
		{"weight: 2", "limit: -1", "f.yaml:12: servers[1].limit: -1 is not within 0-1e6 requests/s (0 is no limit)"},
		{"weight: 2", "limit_status: 429", "f.yaml:12: servers[1].limit_status: nothing is refused without a limit: give limit, too"},
		{"weight: 2", "limit: 4\n    limit_status: 302", "f.yaml:13: servers[1].limit_status: 302 is not a status within 400-599"},
		{"slow: 5", "slow: 5, out: true", "f.yaml:14: faults[0].server: a fault is one of slow, errors, stall, crash, delay_ms, out, cut, not 2"},
		{"{burst: {factor: 2.2, on: 1s, period: 4s}}", "{sine: {amplitude: 2}}", "f.yaml:5: arrivals: sine: amplitude 2 is not within 0-1"},
		{"{burst: {factor: 2.2, on: 1s, period: 4s}}", "{sine: {}, burst: {}}", "f.yaml:5: arrivals: is more than one kind of arrivals"},
		{"duration: 60s", "---", "f.yaml:3: a second YAML document (one per file)"},
	} {
		_, err := ParseScenario("f.yaml", []byte(strings.Replace(mine, tt.from, tt.to, 1)))
		require.ErrorContains(t, err, tt.want, tt.to)
	}
	_, err := ParseScenario("f.yaml", nil)
	require.ErrorContains(t, err, "f.yaml:1: the file is empty")
	_, err = ParseScenario("f.yaml", []byte("# nothing"))
	require.ErrorContains(t, err, "f.yaml:1: the file is empty")
	_, err = ParseScenario("f.yaml", []byte("- 1"))
	require.ErrorContains(t, err, "f.yaml:1: a list is not a mapping (allowed: about,")
}

// Whatever the text, the parser returns a scenario that is valid or an error, and never panics.
func FuzzParseScenario(f *testing.F) {
	f.Add([]byte(mine))
	f.Add([]byte("{a: &x [*x], <<: *x, ? [1] : 2}"))
	f.Add([]byte(`{rate: 1, duration: 9s, herd: 9, classes: [{share: 1, factor: 1000, hold: 1h, whole: true}], balancers: 2, share_every: 1s,
		servers: [{id: a, base_delay_ms: 60000, pareto: 1.01, discipline: sharing, workers: 1}, {id: b, base_delay_ms: 1, limit: 1, limit_status: 404}]}`))
	f.Add([]byte(zoned))
	f.Add([]byte("servers: [{id: a, base_delay_ms: 1e-300}]\nload: .inf\nduration: 1h"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sc, err := ParseScenario("f", data)
		if err != nil {
			return
		}
		require.NoError(t, sc.Validate())
		sc.Herd = min(sc.Herd, 100)
		if sc.MeanRate()*sc.Duration.Seconds() < 100 && len(sc.Servers) < 10 && sc.Duration < time.Hour {
			_, err := Run(sc, "least_request", defaults(), 1)
			require.NoError(t, err)
		}
	})
}
