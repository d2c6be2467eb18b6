package admin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/routing/proxy"
)

// running starts a proxy before one server, with an admin listener.
func running(t *testing.T) (*Server, *engine.Engine) {
	t.Helper()
	return runningWith(t, config.Admin{Listen: "127.0.0.1:0"})
}

func runningWith(t *testing.T, how config.Admin) (*Server, *engine.Engine) {
	t.Helper()
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	t.Cleanup(up.Close)
	cfg := config.Default()
	cfg.Servers = []config.Server{{ID: "s1", URL: up.URL, Weight: 1}, {ID: "s2", URL: up.URL + "/two", Weight: 1}}
	cfg.LoadBalancer.Port = 0
	cfg.Health.Path = ""
	e, err := engine.New(cfg, engine.Options{ServeOnly: true})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	s, err := Listen(how, e)
	require.NoError(t, err)
	e.Attach("admin", s)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
		http.DefaultClient.CloseIdleConnections()
	})
	require.Eventually(t, func() bool { s := e.Snapshot(); return s != nil && s.State == "running" }, 10*time.Second, time.Millisecond)
	return s, e
}

func ask(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode, string(b)
}

func request(t *testing.T, s *Server, method, path, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(method, "http://"+s.Addr()+path, strings.NewReader(body))
	require.NoError(t, err)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	return req
}

func TestStateAndCommands(t *testing.T) {
	s, e := running(t)
	status, body := ask(t, request(t, s, "GET", "/healthz", ""))
	require.Equal(t, 200, status)
	require.JSONEq(t, `{"status":"ok"}`, body)

	for _, c := range []struct {
		path, body string
		status     int
		says       string
	}{
		{"/policy", `{"name":"p2c"}`, 200, "done"},
		{"/params", `{"learner":"q_factored","param":"epsilon","value":0.25}`, 200, "done"},
		{"/drain", `{"server":"s2"}`, 200, "done"},
		{"/policy", `{"name":"nobody"}`, 422, "nobody"},
		{"/params", `{"learner":"q_factored","param":"epsilon","value":9}`, 422, "epsilon"},
		{"/drain", `{"server":"s9"}`, 422, "s9"},
		{"/drain", `{"server":"s9"}`, 422, "there are s1, s2"},
		{"/policy", `{"nam":"p2c"}`, 400, `unknown field \"nam\"; want {\"name\": \"p2c\"}`},
		{"/policy", `{"name":3}`, 400, `\"name\" cannot be a number; want`},
		{"/policy", `[1]`, 400, "no object but array"},
		{"/params", `{"learner":"q_factored","param":"epsilon"}`, 400, `\"value\" is missing; want {\"learner\"`},
		{"/policy", `{"name":"p2c"}{}`, 400, "follows"},
		{"/policy", `{"name":"` + strings.Repeat("x", 5000) + `"}`, 400, "too large"},
		{"/policy", ``, 400, "it is empty"},
		{"/nowhere", `{}`, 404, "GET / lists"},
	} {
		status, body := ask(t, request(t, s, "POST", c.path, c.body))
		require.Equal(t, c.status, status, body)
		require.Contains(t, body, c.says)
	}
	status, body = ask(t, request(t, s, "GET", "/policy", ""))
	require.Equal(t, 405, status)
	require.Contains(t, body, `/policy takes POST {\"name\": \"p2c\"}`)
	status, body = ask(t, request(t, s, "GET", "/", ""))
	require.Equal(t, 200, status)
	for _, path := range []string{"/healthz", "/snapshot", "/metrics", "/policy", "/params", "/drain"} {
		require.Contains(t, body, path)
	}

	status, body = ask(t, request(t, s, "GET", "/snapshot", ""))
	require.Equal(t, 200, status)
	require.Contains(t, body, `{"version":1,`)
	var snap live.Snapshot
	require.NoError(t, json.Unmarshal([]byte(body), &snap))
	require.Equal(t, "p2c", snap.Policy)
	require.Equal(t, live.ServerDraining, snap.Servers[1].State)
	require.Equal(t, e.Addr(), snap.Listen)

	status, _ = ask(t, request(t, s, "POST", "/drain", `{"server":"s2","drain":false}`))
	require.Equal(t, 200, status)
	require.Equal(t, live.ServerOK, e.Snapshot().Servers[1].State)

	req, err := http.NewRequest(http.MethodGet, "http://"+e.Addr()+"/snapshot", nil)
	require.NoError(t, err)
	_, body = ask(t, req)
	require.Equal(t, "ok", body, "the traffic's listener knows nothing of this one")
}

func TestMetrics(t *testing.T) {
	s, e := running(t)
	for range 5 {
		req, err := http.NewRequest(http.MethodGet, "http://"+e.Addr(), nil)
		require.NoError(t, err)
		ask(t, req)
	}
	require.NoError(t, e.Do(t.Context(), live.DrainServer{Server: "s2", Drain: true}))
	require.Eventually(t, func() bool {
		_, body := ask(t, request(t, s, "GET", "/metrics", ""))
		return strings.Contains(body, `slbtui_request_duration_seconds_count{code="2xx",upstream="s1"} 3`) &&
			strings.Contains(body, "\n"+`slbtui_upstream_requests_total{upstream="s2"} 2`)
	}, 10*time.Second, 10*time.Millisecond)
	_, body := ask(t, request(t, s, "GET", "/metrics", ""))
	for _, line := range []string{
		`slbtui_upstream_in_flight{upstream="s1"} 0`, `slbtui_upstream_up{upstream="s1"} 1`, `slbtui_upstream_up{upstream="s2"} 0`,
		`slbtui_upstream_state{state="DRAINING",upstream="s2"} 1`, `slbtui_upstream_ejections_total{upstream="s1"} 0`,
		`slbtui_policy_info{policy="round_robin"} 1`, `slbtui_learner_param{learner="q_learning",param="epsilon"} 0.1`,
		`slbtui_learner_updates_total{learner="q_factored"} 5`, `slbtui_request_retries_total{reason="connect"} 0`,
	} {
		require.Contains(t, body, "\n"+line+"\n")
	}
	require.Contains(t, body, "\nslbtui_learner_delta_q{")
	require.Contains(t, body, "\nslbtui_learner_epsilon{")
	families := map[string]bool{}
	for line := range strings.SplitSeq(strings.TrimSpace(body), "\n") {
		if name, ok := strings.CutPrefix(line, "# TYPE "); ok {
			name, _, _ = strings.Cut(name, " ")
			require.False(t, families[name], "a family once: %s", name)
			families[name] = true
		} else if !strings.HasPrefix(line, "#") {
			require.Regexp(t, `^[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? [0-9.eE+-]+$`, line)
		}
	}
	for _, name := range []string{
		"slbtui_upstream_in_flight", "slbtui_upstream_oldest_seconds", "slbtui_upstream_requests_total", "slbtui_upstream_failures_total",
		"slbtui_upstream_ejections_total", "slbtui_upstream_up", "slbtui_upstream_state", "slbtui_policy_info",
		"slbtui_learner_updates_total", "slbtui_learner_delta_q", "slbtui_learner_epsilon", "slbtui_learner_reward",
		"slbtui_learner_agreement_ratio", "slbtui_learner_param", "slbtui_request_duration_seconds", "slbtui_request_retries_total",
		"slbtui_build_info", "slbtui_front_connections", "slbtui_front_connections_total", "slbtui_waiting_requests",
		"process_cpu_cores", "process_start_time_seconds", "process_open_fds",
		"go_goroutines", "go_memstats_heap_alloc_bytes", "go_memstats_sys_bytes", "go_memstats_mallocs_total", "go_sched_gomaxprocs_threads",
		"go_gc_cycles_total_gc_cycles_total", "go_cpu_classes_gc_total_cpu_seconds_total",
	} {
		require.True(t, families[name], name)
	}
}

func TestWebPagesStayOut(t *testing.T) {
	s, e := running(t)
	for name, c := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"rebound name":      {func(r *http.Request) { r.Host = "evil.example" }, 421},
		"rebound with port": {func(r *http.Request) { r.Host = "evil.example:9090" }, 421},
		"other address":     {func(r *http.Request) { r.Host = "10.0.0.1" }, 421},
		"no content type":   {func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		"a form":            {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415},
		"another origin":    {func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") }, 403},
		"cross-site":        {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		"localhost":         {func(r *http.Request) { r.Host = "localhost:1" }, 200},
		"ipv6":              {func(r *http.Request) { r.Host = "[::1]:1" }, 200},
		"with a charset":    {func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") }, 200},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, e.Do(t.Context(), live.SetPolicy{Name: "round_robin"}))
			req := request(t, s, "POST", "/policy", `{"name":"p2c"}`)
			c.change(req)
			status, body := ask(t, req)
			require.Equal(t, c.status, status, body)
			want := "round_robin"
			if status == 200 {
				want = "p2c"
			}
			require.Equal(t, want, e.Snapshot().Policy)
		})
	}
	req := request(t, s, "GET", "/snapshot", "")
	req.Host = "evil.example"
	status, _ := ask(t, req)
	require.Equal(t, 421, status, "reading is as much its business as writing")
}

type stopped struct{}

func (stopped) Snapshot() *live.Snapshot               { return nil }
func (stopped) Do(context.Context, live.Command) error { return engine.ErrStopped }

func TestBeforeAndAfterTheRun(t *testing.T) {
	s, err := Listen(config.Admin{Listen: "127.0.0.1:0"}, stopped{})
	require.NoError(t, err)
	defer s.Close()
	s.Observe(proxy.Exchange{ServerID: "s1", Status: 200})
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/", "", 200}, {"GET", "/healthz", "", 503}, {"GET", "/snapshot", "", 200}, {"GET", "/metrics", "", 200}, {"POST", "/policy", `{"name":"x"}`, 503},
	} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, request(t, s, c.method, c.path, c.body))
		require.Equal(t, c.status, w.Code, c.path)
	}
}

func TestListenersOthersReachAreRefused(t *testing.T) {
	_, err := Listen(config.Admin{Listen: "0.0.0.0:0"}, stopped{})
	require.ErrorContains(t, err, "not on this machine alone")
	_, err = Listen(config.Admin{Listen: "0.0.0.0:0", AllowRemote: true}, stopped{})
	require.ErrorContains(t, err, "admin.tokens_file", "nobody could be told apart")
	tokens, _, _ := tokensFile(t)
	s, err := Listen(config.Admin{Listen: "0.0.0.0:0", AllowRemote: true, TokensFile: tokens}, stopped{})
	require.NoError(t, err)
	require.Contains(t, s.Exposed(), "clear text")
	_, err = Listen(config.Admin{Listen: s.Addr(), AllowRemote: true, TokensFile: tokens}, stopped{})
	require.ErrorContains(t, err, "free the port")
	require.NoError(t, s.Close())
	require.Error(t, s.Run(t.Context()), "a listener that is gone")
	require.False(t, errors.Is(err, http.ErrServerClosed))
}

// What GET / shows can be copied: its servers are those that there are.
func TestExamplesWork(t *testing.T) {
	s, _ := running(t)
	_, listed := ask(t, request(t, s, http.MethodGet, "/", ""))
	examples := regexp.MustCompile(`-d '(.*)' http://[^/]+(/\S+)`).FindAllStringSubmatch(listed, -1)
	require.Len(t, examples, 4)
	for _, e := range examples {
		status, said := ask(t, request(t, s, http.MethodPost, e[2], e[1]))
		require.Equal(t, http.StatusOK, status, "%s %s: %s", e[2], e[1], said)
	}
}
