package policy

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn"
	"slbtui/qlearn/factored"
)

func newQFactored(servers int, seed uint64) *QFactored {
	return NewQFactored(Options{Servers: make([]ServerInfo, servers), Seed: seed, QFactored: factored.DefaultConfig()})
}

var (
	_ Learner     = (*QFactored)(nil)
	_ Inspectable = (*QFactored)(nil)
	_ Persistent  = (*QFactored)(nil)
)

func TestQFactoredBeatsLeastRequestOrEqualsIt(t *testing.T) {
	short := heavytail10()
	short.seconds = 20
	for name, c := range map[string]struct {
		world world
		gain  float64 // mean over that of least_request, at most
	}{
		"steady60":    {standard(0.6), 0.94},
		"slow5x":      {slow5x(), 0.94},
		"identical3":  {identical3(), 1.02},
		"heavytail10": {short, 1.1},
	} {
		t.Run(name, func(t *testing.T) {
			mine, theirs := 0.0, 0.0
			for seed := uint64(1001); seed <= 1002; seed++ {
				r := c.world.run(seed, newQFactored(len(c.world.baseMS), seed))
				mine += r.mean()
				theirs += c.world.run(seed, least{NewRand(seed)}).mean()
			}
			require.Less(t, mine/theirs, c.gain)
		})
	}
}

// The mean is compared without a margin: much of this short run is the cold start.
func TestQFactoredTellsUnlikeServersApart(t *testing.T) {
	mine, theirs, mineP99, theirsP99 := 0.0, 0.0, 0.0, 0.0
	for seed := uint64(1001); seed <= 1002; seed++ {
		w := unlike(30, seed)
		w.seconds = 8
		peak, err := New("peak_ewma_full", Options{Servers: make([]ServerInfo, 30), Seed: seed})
		require.NoError(t, err)
		a, b := w.run(seed, newQFactored(30, seed)), w.run(seed, peak)
		mine, theirs = mine+a.mean(), theirs+b.mean()
		mineP99, theirsP99 = mineP99+a.p99(), theirsP99+b.p99()
	}
	require.Less(t, mine, theirs)
	require.Less(t, mineP99, 0.85*theirsP99)
}

func TestQFactoredAvoidsTheBlackHole(t *testing.T) {
	require.Less(t, failing(20).run(1001, newQFactored(3, 1)).errorRate(), 0.004)
	require.Less(t, failing(0).run(1001, newQFactored(3, 1)).errorRate(), 0.008)
}

func TestQFactoredSharesEquallyAmongIdenticalServers(t *testing.T) {
	r := identical3().run(1001, newQFactored(3, 1))
	for _, picks := range r.picks {
		require.InEpsilon(t, float64(len(r.latencyMS))/3, picks, 0.1)
	}
}

// idleView is a view of idle servers, all available.
func idleView(servers int, now time.Duration) View {
	v := View{Now: now, Servers: make([]ServerView, servers)}
	for i := range v.Servers {
		v.Servers[i] = ServerView{Available: true, Reachable: true, CPU: -1, Weight: 1}
	}
	return v
}

func TestQFactoredTokens(t *testing.T) {
	q, v := newQFactored(2, 1), idleView(2, time.Second)
	ok := Outcome{Now: 2 * time.Second, Latency: 50 * time.Millisecond, Status: 200}
	server, token := q.Pick(v)
	for name, o := range map[string]Outcome{
		"cancelled": {Now: ok.Now, Latency: ok.Latency, Cancelled: true},
		"local":     {Now: ok.Now, Latency: ok.Latency, Failure: FailureLocal},
		"failed":    {Now: ok.Now, Latency: ok.Latency, Status: 503},
		"negative":  {Now: ok.Now, Latency: -time.Second, Status: 200},
	} {
		q.Done(token, o)
		require.Zero(t, q.Stats().Updates, name)
	}
	require.InDelta(t, 400, q.Explain(View{Now: ok.Now, Servers: v.Servers})[server].FailMS, 1)

	q.Done(Token{}, ok)
	q.Done(Token{Server: 99, Row: -1, Serial: token.Serial}, ok)
	require.Zero(t, q.Stats().Updates)
	q.Done(token, ok)
	q.Done(token, ok)
	require.Equal(t, -5.0, q.Table(0).Rows[0].Q[server])

	q.Reset()
	q.Done(token, ok)
	require.Zero(t, q.Stats().Updates, "a token from before the reset")
}

// A status below 500 that turns a request down teaches no time, and 429 is a failure.
func TestQFactoredLearnsNoTimeFromRefusals(t *testing.T) {
	for status, field := range map[int]func(qlearn.Explanation) float64{
		404: func(e qlearn.Explanation) float64 { return e.RefusedMS },
		501: func(e qlearn.Explanation) float64 { return e.RefusedMS },
		429: func(e qlearn.Explanation) float64 { return e.FailMS },
		503: func(e qlearn.Explanation) float64 { return e.FailMS },
	} {
		q, v := newQFactored(2, 1), idleView(2, time.Second)
		server, token := q.Pick(v)
		q.Done(token, Outcome{Now: time.Second, Latency: time.Millisecond, Status: status})
		require.Zero(t, q.Stats().Updates, status)
		require.InDelta(t, 400, field(q.Explain(v)[server]), 1, status)
	}
}

// Streams that go on keep no worker from others, unless the configuration says they do.
func TestQFactoredStreams(t *testing.T) {
	for streams, level := range map[factored.Streams]int{factored.Free: 2, factored.Busy: 7} {
		cfg := factored.DefaultConfig()
		cfg.Streams = streams
		q, v := NewQFactored(Options{Servers: make([]ServerInfo, 2), Seed: 1, QFactored: cfg}), idleView(2, time.Second)
		v.Servers[0].InFlight, v.Servers[0].Streaming = 7, 5
		require.Equal(t, level, q.Explain(v)[0].Level)
	}
}

func TestPeakEWMATakesNoRefusalForAnAnswer(t *testing.T) {
	p, err := New("peak_ewma", Options{Servers: make([]ServerInfo, 2), Seed: 1})
	require.NoError(t, err)
	v := idleView(2, 0)
	p.Pick(v)
	for server, status := range []int{404, 200} {
		p.Done(Token{Server: server}, Outcome{Latency: 50 * time.Millisecond, Status: 200})
		for i := range 100 {
			p.Done(Token{Server: server}, Outcome{Now: time.Duration(i) * time.Second, Latency: time.Millisecond, Status: status})
		}
	}
	costs := &p.(*peakEWMA).peakCosts
	require.InDelta(t, 50, costs.servers[0].read(99*time.Second), 1)
	require.InDelta(t, 1, costs.servers[1].read(99*time.Second), 0.1)
}

func TestQFactoredWithoutServers(t *testing.T) {
	q, v := newQFactored(2, 1), idleView(2, 0)
	v.Servers[0].Available, v.Servers[1].Available = false, false
	server, token := q.Pick(v)
	require.Equal(t, NoServer, server)
	q.Done(token, Outcome{Status: 200, Latency: time.Millisecond})
	server, _ = newQFactored(0, 1).Pick(View{})
	require.Equal(t, NoServer, server)
}

func TestQFactoredLearnsInShadow(t *testing.T) {
	q := newQFactored(2, 1)
	for i := range 40 {
		v := idleView(2, time.Duration(i)*time.Second)
		token, _ := q.Observe(v, i%2)
		q.Done(token, Outcome{Now: v.Now, Latency: time.Duration(100-50*(i%2)) * time.Millisecond, Status: 200})
	}
	_, would := q.Observe(idleView(2, time.Minute), 0)
	require.Equal(t, 1, would)
	require.Equal(t, uint64(40), q.Stats().Updates)
	require.Equal(t, -1, q.Table(0).LastRow, "watching is not deciding")
}

func TestQFactoredParams(t *testing.T) {
	q := newQFactored(2, 1)
	for _, p := range q.Params() {
		require.NoError(t, q.SetParam(p.Name, p.Max))
		require.Error(t, q.SetParam(p.Name, p.Max+p.Step))
		require.Error(t, q.SetParam(p.Name, math.NaN()))
	}
	for _, p := range q.Params() {
		require.Equal(t, p.Max, p.Value)
	}
	require.ErrorContains(t, q.SetParam("beta", 1), "epsilon, alpha, gamma")
}

func TestQFactoredSavesAndLoads(t *testing.T) {
	ids := []string{"a", "b", "c"}
	q := newQFactored(3, 1)
	standard(0.6).run(1001, q)
	var file bytes.Buffer
	require.NoError(t, q.Save(&file, ids))
	text := file.String()
	p := newQFactored(3, 2)
	require.NoError(t, p.SetParam("gamma", 0.5))
	_, token := p.Pick(idleView(3, 0))
	require.NoError(t, p.Load(&file, ids))
	require.Equal(t, unused(q.Table(0).Rows), p.Table(0).Rows)
	require.Equal(t, 0.5, p.Params()[2].Value, "parameters are not part of the file")
	before := p.Stats()
	p.Done(token, Outcome{Status: 200, Latency: time.Second})
	require.Equal(t, before, p.Stats(), "a token from before the load")
	require.Error(t, p.Load(strings.NewReader(text[:100]), ids))
	require.Equal(t, before, p.Stats())
}

func TestQFactoredFromManyGoroutines(t *testing.T) {
	q := newQFactored(3, 1)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 200 {
				v := idleView(3, time.Duration(i)*time.Millisecond)
				_, token := q.Pick(v)
				q.Explain(v)
				q.Table(3)
				q.Done(token, Outcome{Now: v.Now, Latency: time.Millisecond, Status: 200})
			}
		})
	}
	wg.Wait()
	require.Equal(t, uint64(800), q.Stats().Updates)
}

func BenchmarkQFactoredPick(b *testing.B) {
	for _, servers := range []int{3, 10, 100, 1000} {
		b.Run(fmt.Sprintf("servers=%d", servers), func(b *testing.B) {
			w := unlike(servers, 1001)
			w.seconds = 2000 / float64(servers)
			q, v := newQFactored(servers, 1), idleView(servers, 3000*time.Second)
			w.run(1001, q)
			for i := range v.Servers {
				v.Servers[i].InFlight, v.Servers[i].OldestAge = i%9, time.Duration(i%9)*50*time.Millisecond
			}
			b.ReportAllocs()
			for b.Loop() {
				q.Pick(v)
			}
		})
	}
}

// BenchmarkQFactoredWorld measures mean and p99 of whole runs, beside two baselines on the same traces:
// go test ./routing -run '^$' -bench QFactoredWorld -benchtime 10x runs seeds 1001-1010.
func BenchmarkQFactoredWorld(b *testing.B) {
	for _, c := range []struct {
		name string
		make func(seed uint64) world
	}{
		{"steady60", func(uint64) world { return standard(0.6) }},
		{"steady80", func(uint64) world { return standard(0.8) }},
		{"slow5x", func(uint64) world { return slow5x() }},
		{"heavytail10", func(uint64) world { return heavytail10() }},
		{"identical3", func(uint64) world { return identical3() }},
		{"blackhole", func(uint64) world { return failing(20) }},
		{"deadstart", func(uint64) world { return failing(0) }},
		{"unlike30", func(seed uint64) world { return unlike(30, seed) }},
		{"unlike100", func(seed uint64) world { return unlike(100, seed) }},
	} {
		policies := map[string]func(n int, seed uint64) Policy{
			"q_factored": func(n int, seed uint64) Policy { return newQFactored(n, seed) },
			"peak_ewma_full": func(n int, seed uint64) Policy {
				return newPeakEWMAFull(Options{Servers: make([]ServerInfo, n), Seed: seed})
			},
			"least_request": func(_ int, seed uint64) Policy { return least{NewRand(seed)} },
		}
		for _, name := range []string{"least_request", "peak_ewma_full", "q_factored"} {
			b.Run(fmt.Sprintf("%s/%s", c.name, name), func(b *testing.B) {
				seed, mean, p99, errors := uint64(1000), 0.0, 0.0, 0.0
				for b.Loop() {
					seed++
					w := c.make(seed)
					r := w.run(seed, policies[name](len(w.baseMS), seed))
					mean += r.mean()
					p99 += r.p99()
					errors += r.errorRate()
				}
				runs := float64(seed - 1000)
				b.ReportMetric(mean/runs, "mean-ms")
				b.ReportMetric(p99/runs, "p99-ms")
				b.ReportMetric(100*errors/runs, "errors-%")
			})
		}
	}
}
