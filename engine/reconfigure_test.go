package engine

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
)

func TestANewConfigurationChangesPoliciesOfOnesOwn(t *testing.T) {
	answers := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }
	cfg := serveConfig(upstream(t, answers), upstream(t, answers))
	cfg.Policies = map[string]config.OwnPolicy{"mine": {Score: `id == "s2" ? 0 : 1`}, "other": {Score: "log(-1)"}}
	cfg.LoadBalancer.Policy = "mine"
	e := start(t, cfg, Options{ServeOnly: true})
	c := client(t, nil, func(p *http.Protocols) { p.SetHTTP1(true) })
	served := func() (first, second uint64) {
		before := e.Snapshot().Servers
		for range 10 {
			get(t, c, "http://"+e.Addr())
		}
		do(t, e, live.SetPolicy{Name: e.Snapshot().Policy}) // so that the snapshot is new
		now := e.Snapshot().Servers
		return now[0].Requests - before[0].Requests, now[1].Requests - before[1].Requests
	}
	first, second := served()
	require.Equal(t, []uint64{0, 10}, []uint64{first, second})

	cfg.Policies = map[string]config.OwnPolicy{"mine": {Score: `id == "s1" ? 0 : 1`}, "other": {Score: "log(-1)"}}
	require.NoError(t, e.Reconfigure(t.Context(), cfg))
	first, second = served()
	require.Equal(t, []uint64{10, 0}, []uint64{first, second}, "a changed score")

	do(t, e, live.SetPolicy{Name: "other"})
	first, second = served()
	require.EqualValues(t, 10, first+second, "nonsense routes at random")
	var said []string
	for _, event := range e.Snapshot().Events {
		if event.Kind == "warning" {
			said = append(said, event.Text)
		}
	}
	require.Len(t, said, 1)
	require.Contains(t, said[0], "other: the score of s")

	cfg.Policies = map[string]config.OwnPolicy{"mine": cfg.Policies["mine"]}
	require.NoError(t, e.Reconfigure(t.Context(), cfg))
	require.Equal(t, "mine", e.Snapshot().Policy, "the one that an operator chose is gone")
	bad := cfg
	bad.Policies = map[string]config.OwnPolicy{"mine": {Score: "wait"}}
	require.ErrorContains(t, e.Reconfigure(t.Context(), bad), "policies.mine.score: there is no variable wait")
	for _, p := range e.Snapshot().Policies {
		require.NotEqual(t, "other", p.Name)
	}
	require.Equal(t, "mine", e.Snapshot().Policies[len(e.Snapshot().Policies)-1].Name)
}

func ids(s *live.Snapshot) []string {
	var all []string
	for _, server := range s.Servers {
		all = append(all, server.ID)
	}
	return all
}

func TestNewConfigurationKeepsRequestsAndWhatWasLearned(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	first := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			arrived <- struct{}{}
			<-release
		}
		_, _ = io.WriteString(w, "first")
	})
	letGo := sync.OnceFunc(func() { close(release) })
	t.Cleanup(letGo) // where a check fails, the server waits for its requests
	second := upstream(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "second") })
	third := upstream(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "third") })
	cfg := serveConfig(first, second)
	e := start(t, cfg, Options{ServeOnly: true})
	c := client(t, nil, func(p *http.Protocols) { p.SetHTTP1(true) })
	url := "http://" + e.Addr()
	for range 60 {
		get(t, c, url)
	}
	do(t, e, live.SetParam{Learner: "q_factored", Param: "epsilon", Value: 0.25})
	for _, s := range []string{"s2"} {
		do(t, e, live.DrainServer{Server: s, Drain: true}) // so that the waiting request is the first's
	}
	knew := learnedFrom(e.Snapshot(), "q_factored")
	require.Positive(t, knew) // not all 60, where the machine's noise looks like a server that changes its pace
	waited := make(chan string)
	go func() {
		_, body := get(t, c, url+"/wait")
		waited <- body
	}()
	<-arrived

	cfg.Servers = []config.Server{{ID: "s3", URL: third, Weight: 1}, {ID: "s1", URL: first, Weight: 2}}
	cfg.LoadBalancer.Policy = "least_request"
	cfg.LoadBalancer.ClientLimits.BodyBytes = 10
	cfg.LoadBalancer.Port = 9
	cfg.QFactored.SocialWeight = 0.5
	require.NoError(t, e.Reconfigure(t.Context(), cfg))
	s := e.Snapshot()
	require.Equal(t, []string{"s3", "s1"}, ids(s))
	require.Equal(t, "least_request", s.Policy)
	require.Len(t, s.Phases, 2)
	require.Equal(t, 1, s.Servers[1].InFlight, "the request of before is counted still")
	require.EqualValues(t, 30, s.Servers[1].Requests)
	require.Zero(t, s.Servers[0].Requests)
	require.InDelta(t, 0.25, param(t, e, "q_factored", "epsilon"), 1e-9, "an operator's word stands")
	require.InDelta(t, 0.5, param(t, e, "q_factored", "gamma"), 1e-9, "the file's news count")
	var warnings []string
	for _, ev := range s.Events {
		if ev.Kind == "warning" {
			warnings = append(warnings, ev.Text)
		}
	}
	require.Contains(t, warnings, "only a restart changes load_balancer.port")
	require.Contains(t, warnings, "q_learning starts anew: its table is for exactly the servers before")
	require.Equal(t, knew, learnedFrom(s, "q_factored"), "what it knew of s1 it knows")
	for _, l := range s.Learners {
		if l.Name == "q_factored" {
			require.NotEmpty(t, l.Table.Rows)
		}
	}

	seen := map[string]int{}
	for range 20 {
		_, body := get(t, c, url)
		seen[body]++
	}
	require.Zero(t, seen["second"])
	require.Positive(t, seen["third"])
	letGo()
	require.Equal(t, "first", <-waited, "a request in flight ends as it began")
	eventually(t, e, func(s *live.Snapshot) bool { return s.Servers[1].InFlight == 0 })
}

func learnedFrom(s *live.Snapshot, learner string) uint64 {
	for _, l := range s.Learners {
		if l.Name == learner {
			return l.Stats.Updates
		}
	}
	return 0
}

func TestConfigurationThatCannotTakeOverChangesNothing(t *testing.T) {
	cfg := serveConfig(upstream(t, answer))
	e := start(t, cfg, Options{ServeOnly: true})
	before := e.Snapshot()
	for name, change := range map[string]func(*config.Config){
		"invalid":      func(c *config.Config) { c.Servers = nil },
		"no such file": func(c *config.Config) { c.LoadBalancer.UpstreamTLS.CAFile = "none.pem" },
		"its own server": func(c *config.Config) {
			c.Servers = []config.Server{{ID: "loop", URL: "http://" + e.Addr(), Weight: 1}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			bad := cfg
			change(&bad)
			require.Error(t, e.Reconfigure(t.Context(), bad))
			require.Equal(t, []string{"s1"}, ids(e.Snapshot()))
			_, body := get(t, http.DefaultClient, "http://"+e.Addr())
			require.Equal(t, "ok", body)
		})
	}
	http.DefaultClient.CloseIdleConnections()
	require.NoError(t, e.Reconfigure(t.Context(), cfg))
	require.Equal(t, before.Events[len(before.Events)-1].Number, e.Snapshot().Events[len(e.Snapshot().Events)-1].Number, "the same again is no news")

	simulated := start(t, quickConfig(), Options{})
	require.ErrorContains(t, simulated.Reconfigure(t.Context(), cfg), "start it anew")
}

func TestOperatorsPolicyOutlivesAReload(t *testing.T) {
	cfg := serveConfig(upstream(t, answer))
	e := start(t, cfg, Options{ServeOnly: true})
	do(t, e, live.SetPolicy{Name: "q_factored"})
	cfg.Limits.MaxInFlight = 7
	require.NoError(t, e.Reconfigure(t.Context(), cfg))
	require.Equal(t, "q_factored", e.Snapshot().Policy)
	require.Len(t, e.Snapshot().Phases, 2, "no new phase")
	cfg.LoadBalancer.Policy = "p2c"
	require.NoError(t, e.Reconfigure(t.Context(), cfg))
	require.Equal(t, "p2c", e.Snapshot().Policy)
}

func TestAServerThatIsAddedStartsSlowly(t *testing.T) {
	var added atomic.Int64
	cfg := serveConfig(upstream(t, answer))
	cfg.LoadBalancer.Policy, cfg.SlowStart.Window = "round_robin", time.Hour
	e := start(t, cfg, Options{ServeOnly: true})
	cfg.Servers = append(cfg.Servers, config.Server{ID: "s2", Weight: 1, URL: upstream(t, func(http.ResponseWriter, *http.Request) { added.Add(1) })})
	require.NoError(t, e.Reconfigure(t.Context(), cfg))
	c := client(t, nil, func(p *http.Protocols) { p.SetHTTP1(true) })
	for range 200 {
		get(t, c, "http://"+e.Addr())
	}
	require.Positive(t, added.Load())
	require.Less(t, added.Load(), int64(50), "its full share is 100")
}
