package score

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

// made is a policy of three servers, and what it has warned of.
func made(t *testing.T, text string) (p policy.Policy, warnings *[]string) {
	t.Helper()
	e, err := Compile(text)
	require.NoError(t, err)
	warnings = new([]string)
	return e.Spec("mine").New(policy.Options{
		Servers: []policy.ServerInfo{{ID: "a", Weight: 1}, {ID: "b", Weight: 1}, {ID: "c", Weight: 1}},
		Warn:    func(name, text string) { *warnings = append(*warnings, name+": "+text) },
	}), warnings
}

func three() policy.View {
	v := policy.View{Now: time.Minute, Servers: make([]policy.ServerView, 3)}
	for i := range v.Servers {
		v.Servers[i] = policy.ServerView{Available: true, Reachable: true, CPU: -1, Weight: 1}
	}
	return v
}

func answer(p policy.Policy, server int, now time.Duration, latency time.Duration, status int) {
	p.Done(policy.Token{Server: server}, policy.Outcome{Now: now, Latency: latency, Status: status})
}

func picks(p policy.Policy, v policy.View, times int) map[int]int {
	n := map[int]int{}
	for range times {
		server, _ := p.Pick(v)
		n[server]++
	}
	return n
}

func TestLowestScoreWins(t *testing.T) {
	p, _ := made(t, "in_flight / weight")
	v := three()
	v.Servers[0].InFlight, v.Servers[1].InFlight, v.Servers[2].InFlight = 2, 3, 2
	v.Servers[1].Weight = 2
	require.Equal(t, map[int]int{1: 50}, picks(p, v, 50))
	v.Servers[1].Available = false
	tied := picks(p, v, 400)
	require.Len(t, tied, 2)
	require.InDelta(t, 200, tied[0], 60, "ties at random")
	require.Equal(t, map[int]int{policy.NoServer: 3}, picks(p, policy.View{}, 3))
}

func TestUnmeasuredServersComeFirstOneRequestAtATime(t *testing.T) {
	p, _ := made(t, "ewma_ms * (in_flight + 1)")
	v := three()
	answer(p, 0, v.Now, time.Millisecond, 200) // of no view yet: there are no servers
	p.Pick(v)
	answer(p, 0, v.Now, time.Millisecond, 200)
	for range 2 {
		server, _ := p.Pick(v)
		require.NotZero(t, server)
		v.Servers[server].InFlight++
	}
	require.Equal(t, map[int]int{0: 20}, picks(p, v, 20), "both are being tried")
	v.Servers[0].Available = false
	v.Servers[1].InFlight = 2
	require.Equal(t, map[int]int{2: 20}, picks(p, v, 20), "of those unknown and busy the one with the fewest")
	answer(p, 1, v.Now, time.Second, 500)
	require.Equal(t, map[int]int{1: 20}, picks(p, v, 20), "a failure is news, too")

	blind, _ := made(t, "in_flight")
	v = three()
	v.Servers[0].InFlight = 1
	answer(blind, 1, v.Now, time.Millisecond, 200)
	require.Len(t, picks(blind, v, 50), 2, "nothing that it reads has to be measured")
}

func TestFailuresAndTimeoutsTell(t *testing.T) {
	p, _ := made(t, "ewma_ms + 2000 * failure_rate")
	v := three()
	p.Pick(v)
	for i, ms := range []time.Duration{10, 20, 30} {
		answer(p, i, v.Now, ms*time.Millisecond, 200)
	}
	require.Equal(t, map[int]int{0: 20}, picks(p, v, 20))
	answer(p, 0, v.Now, time.Microsecond, 500)
	require.Equal(t, map[int]int{1: 20}, picks(p, v, 20), "it fails fast")

	slow, _ := made(t, "ewma_ms")
	slow.Pick(v)
	for i := range 3 {
		answer(slow, i, v.Now, 10*time.Millisecond, 200)
	}
	answer(slow, 0, v.Now, time.Microsecond, 500)
	answer(slow, 1, v.Now, time.Second, 504)
	require.NotContains(t, picks(slow, v, 50), 1, "a timeout is slow")
	require.Len(t, picks(slow, v, 50), 2, "a fast failure is not fast")
}

func TestNoNumberIsTheWorstAndToldOnce(t *testing.T) {
	p, warnings := made(t, "1 / (in_flight - 1) + 0 * log(cpu)") // NaN where cpu is below 0
	v := three()
	v.Servers[0].CPU, v.Servers[1].CPU = 50, 60
	v.Servers[2].InFlight = 2
	v.Servers[0].InFlight = 1 // infinite: a bad score, and still a number
	v.Servers[1].Available = false
	require.Equal(t, map[int]int{0: 20}, picks(p, v, 20))
	require.Equal(t, []string{"mine: the score of c is not a number, with in_flight 2, cpu -1: it counts as the worst (said once)"}, *warnings)
	v.Servers[0].CPU = -1
	require.Len(t, picks(p, v, 50), 2, "all are nonsense: any")
	require.Len(t, *warnings, 1)

	e, err := Compile("log(-1)")
	require.NoError(t, err)
	silent := e.Spec("mine").New(policy.Options{})
	require.Len(t, picks(silent, v, 50), 2, "nobody wants to know")
}

func TestSpec(t *testing.T) {
	e, err := Compile("response_ms\n  * weight")
	require.NoError(t, err)
	spec := e.Spec("mine")
	require.Equal(t, "the server with the lowest response_ms * weight", spec.Summary)
	require.Equal(t, "policies.mine of the configuration", spec.Source)
	require.True(t, spec.LoadBlind)
	require.True(t, policy.ReadsResponses(spec.New(policy.Options{})))
	require.Equal(t, "mine", spec.New(policy.Options{}).Name())
	plain, err := Compile("in_flight")
	require.NoError(t, err)
	require.False(t, policy.ReadsResponses(plain.Spec("x").New(policy.Options{})))
	require.False(t, plain.Spec("x").LoadBlind)
}

func BenchmarkScore(b *testing.B) {
	e, err := Compile("ewma_ms * (in_flight + 1) + 2000 * failure_rate")
	require.NoError(b, err)
	seen := record{}
	seen.add(policy.Outcome{Latency: time.Second, Status: 200})
	s := &sight{view: &policy.ServerView{InFlight: 2}, seen: &seen, now: time.Second}
	b.ReportAllocs()
	for b.Loop() {
		e.score(s)
	}
}

func BenchmarkLongestScore(b *testing.B) {
	e, err := Compile("0" + strings.Repeat("+ewma_ms", 124))
	require.NoError(b, err)
	p := e.Spec("mine").New(policy.Options{})
	v := three()
	p.Pick(v)
	for i := range 3 {
		answer(p, i, v.Now, time.Second, 200)
	}
	b.ReportAllocs()
	for b.Loop() {
		p.Pick(v)
	}
}
