package lookback

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/fit"
	"slbtui/routing/policy"
	"slbtui/routing/proxy"
)

var begun = time.Unix(1_800_000_000, 0)

func request(at, took time.Duration, server string) *proxy.Exchange {
	return &proxy.Exchange{
		Start: begun.Add(at), Picked: time.Millisecond, ServerID: server, Policy: "p2c", Attempts: 1, Status: 200,
		Outcome: policy.Outcome{Latency: took, Status: 200},
	}
}

var later = begun.Add(time.Hour)

func TestTheRingForgetsTheOldest(t *testing.T) {
	r := NewRing()
	for i := range Kept + 10 {
		r.Observe(request(time.Duration(i)*time.Millisecond, time.Millisecond, "a"))
	}
	l, routed := r.Log([]string{"a", "b"}, Kept, time.Hour, later)
	require.Equal(t, []string{"p2c"}, routed)
	require.Equal(t, "p2c", l.Policy)
	require.Len(t, l.Requests, Kept)
	require.Equal(t, time.Duration(begun.UnixNano())+11*time.Millisecond, l.Requests[0].Start, "it begins when its server was picked")
	require.Equal(t, time.Millisecond, l.Requests[0].Took())
	l, _ = r.Log([]string{"a"}, Kept, time.Second, begun.Add((Kept+10)*time.Millisecond))
	require.InDelta(t, 1001, len(l.Requests), 1)
	l, _ = r.Log([]string{"a"}, 100, time.Hour, later)
	require.Len(t, l.Requests, 100, "the latest")
	require.Equal(t, time.Duration(begun.UnixNano())+(Kept+10)*time.Millisecond, l.Requests[99].Start)
	l, _ = r.Log([]string{"a"}, Kept, time.Hour, begun.Add(5*time.Second))
	require.Equal(t, time.Duration(begun.Add(5*time.Second-time.Millisecond).UnixNano()), l.Requests[len(l.Requests)-1].Start, "what began before until")
	l, _ = r.Log([]string{"other"}, Kept, time.Hour, later)
	require.Empty(t, l.Requests, "of servers that are gone")
}

func TestTheRingTakesWhatSaysSomethingOfAServer(t *testing.T) {
	r := NewRing()
	for _, change := range []func(*proxy.Exchange){
		func(x *proxy.Exchange) { x.Attempts = 0 },
		func(x *proxy.Exchange) { x.Outcome.Failure = policy.FailureLocal },
		func(x *proxy.Exchange) { x.Outcome.Early = true },
		func(x *proxy.Exchange) { x.Status = http.StatusSwitchingProtocols },
	} {
		x := request(0, time.Millisecond, "a")
		change(x)
		r.Observe(x)
	}
	require.Empty(t, r.kept)
	for i, o := range []policy.Outcome{{Status: 200}, {Status: 500}, {Cancelled: true}, {Failure: policy.FailureTimeout}, {Failure: policy.FailureConnect}, {Status: 404}, {Status: 429}} {
		x := request(time.Duration(i)*time.Second, time.Millisecond, "a")
		x.Outcome, x.Policy = o, []string{"p2c", "random", "random"}[i/3]
		r.Observe(x)
	}
	l, routed := r.Log([]string{"a"}, Kept, time.Hour, later)
	require.Equal(t, []string{"p2c", "random"}, routed)
	require.Empty(t, l.Policy, "there were two")
	var outcomes []fit.Outcome
	for _, q := range l.Requests {
		outcomes = append(outcomes, q.Outcome)
	}
	require.Equal(t, []fit.Outcome{fit.OK, fit.Failed, fit.TimedOut, fit.TimedOut, fit.Failed, fit.OK, fit.Failed}, outcomes)
}

func BenchmarkObserve(b *testing.B) {
	r := NewRing()
	for i := range Kept {
		r.Observe(request(time.Duration(i)*time.Millisecond, time.Millisecond, "a"))
	}
	x := request(0, time.Millisecond, "a")
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r.Observe(x)
		}
	})
}
