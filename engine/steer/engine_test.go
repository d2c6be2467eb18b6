package steer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/steer/haproxy"
	"slbtui/engine/steer/haproxytest"
	"slbtui/routing/policy/weights"
)

const patient = 30 * time.Second

// rig is a HAProxy for tests, whose log a test writes.
type rig struct {
	*Engine
	t       *testing.T
	haproxy *haproxytest.Fake
	log     typed
	cancel  context.CancelFunc
	ended   chan error
}

// trio is how the fake's servers are configured.
func trio() []haproxytest.Server {
	return []haproxytest.Server{{Name: "a", Weight: 10, Initial: 10}, {Name: "b", Weight: 10, Initial: 10}, {Name: "c", Weight: 20, Initial: 20, MaxConn: 9}}
}

func start(t *testing.T, o Options) *rig {
	r := &rig{t: t, log: make(typed), ended: make(chan error, 1)}
	r.haproxy = haproxytest.Start(t, "app", trio()...)
	api, err := haproxy.NewAPI(r.haproxy.Path)
	require.NoError(t, err)
	o.Backend, o.Source, o.API, o.Policy = "app", r.log, &api, defaults()
	r.Engine, err = New(t.Context(), o)
	require.NoError(t, err)
	var ctx context.Context
	ctx, r.cancel = contextOf(t)
	go func() { r.ended <- r.Run(ctx) }()
	return r
}

// stop ends the run.
func (r *rig) stop() {
	r.cancel()
	require.NoError(r.t, <-r.ended)
}

// write sends lines of requests that have just ended, until done says that it is enough.
func (r *rig) write(done func() bool, status func(server string) int) {
	r.t.Helper()
	deadline := time.Now().Add(patient)
	for n := 0; !done(); n++ {
		require.True(r.t, time.Now().Before(deadline), "it did not come to it: %v, %v", r.haproxy.Weights(), r.Snapshot().Events)
		for server, took := range map[string]time.Duration{"a": 20 * time.Millisecond, "b": 40 * time.Millisecond, "c": 80 * time.Millisecond} {
			began := epoch.Add(r.now() - took)
			select {
			case r.log <- httplog("app", server, began, took, status(server), n%2):
			case err := <-r.ended:
				require.FailNow(r.t, "the run has ended", "%v", err)
			}
		}
		time.Sleep(2 * time.Millisecond) // the pace of the traffic, waited for by nobody
	}
}

func well(string) int { return 200 }

// steered tells whether weights are as the servers' speeds: 20, 40 and 80 ms.
func (r *rig) steered() bool {
	w := r.haproxy.Weights()
	return w[0] == weights.Full && w[1] > 35 && w[1] < 65 && w[2] > 15 && w[2] < 35
}

func (r *rig) happened(kind metrics.EventKind, text string) bool {
	return slices.ContainsFunc(r.Snapshot().Events, func(e live.Event) bool { return e.Kind == kind && strings.Contains(e.Text, text) })
}

func TestReadOnlySetsNothing(t *testing.T) {
	r := start(t, Options{})
	r.write(func() bool { return r.happened(metrics.EventSteer, "c would get weight") }, well)
	s := r.Snapshot()
	require.Equal(t, "", s.Steering.By)
	require.Equal(t, 20, s.Steering.Servers[2].Has)
	require.Less(t, s.Steering.Servers[2].Weight, 40)
	require.Contains(t, s.Steering.Servers[2].Why, "ms a request")
	require.Equal(t, "127.0.0.1:80", s.Servers[0].Addr)
	require.NotZero(t, s.Learners[0].Table.Updates)
	r.stop()
	require.Empty(t, r.haproxy.Changes())
}

// Weights follow what is learned; a server that fails gets nothing; a reload is answered; all is put back.
func TestWeightsAreSetAndPutBack(t *testing.T) {
	var wills bytes.Buffer
	var mu sync.Mutex
	r := start(t, Options{Means: BySocket, MaxConns: true, Guard: NewGuard(locked{&mu, &wills})})
	require.Equal(t, []string{"set server app/a weight 10"}, r.haproxy.Changes(), "whether it may, and nothing else")
	r.write(r.steered, well)
	r.write(func() bool { return r.haproxy.MaxConns()[0] > 0 }, well)

	r.haproxy.Reload()
	r.write(r.steered, well)
	r.write(func() bool { return r.happened(metrics.EventSteer, "HAProxy was reloaded: process 101 follows 100") }, well)

	failing := func(server string) int {
		if server == "a" {
			return 500
		}
		return 200
	}
	r.write(func() bool { return r.haproxy.Weights()[0] == 0 }, failing)
	mu.Lock()
	require.Contains(t, wills.String(), `"lift":{"a":100}`, "the guard knows of it first")
	mu.Unlock()
	require.Equal(t, live.ServerEjected, r.Snapshot().Servers[0].State)
	r.write(func() bool { return r.haproxy.Weights()[0] > 0 }, well)

	r.stop()
	require.Equal(t, []int{10, 10, 20}, r.haproxy.Weights())
	require.Equal(t, []int{0, 0, 0}, r.haproxy.MaxConns(), "the reload has left them so")
	require.True(t, strings.HasSuffix(wills.String(), "{\"done\":true}\n"))
}

// locked is a buffer that is read while it is written to.
type locked struct {
	*sync.Mutex
	io.Writer
}

func (l locked) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Writer.Write(b)
}

// Without a guard nobody would lift a server, so none is at 0.
func TestNoGuardNoZero(t *testing.T) {
	r := start(t, Options{Means: BySocket})
	r.write(r.steered, well)
	r.write(func() bool { return r.haproxy.Weights()[1] == 1 }, func(server string) int { return map[string]int{"a": 200, "b": 503, "c": 200}[server] })
	r.stop()
	require.NotContains(t, r.haproxy.Changes(), "set server app/b weight 0")
	require.Equal(t, []int{10, 10, 20}, r.haproxy.Weights())
}

// Before 150 measurements weights are what they were.
func TestLittleKnowledgeSetsNothing(t *testing.T) {
	r := start(t, Options{Means: BySocket})
	n := 0
	r.write(func() bool { n++; return n > weights.Known/3-2 }, well)
	r.write(func() bool { return r.Snapshot().Learners[0].Table.Updates > 0 }, func(string) int { return 304 })
	changes := len(r.haproxy.Changes())
	r.stop()
	require.LessOrEqual(t, changes, 1)
}

// What is wrong with HAProxy is said before anything begins, in a sentence.
func TestWhatIsWrongIsSaid(t *testing.T) {
	f := haproxytest.Start(t, "app", trio()...)
	api, err := haproxy.NewAPI(f.Path)
	require.NoError(t, err)
	o := Options{Backend: "web", Source: make(typed), API: &api, Policy: defaults(), Means: BySocket}
	_, err = New(t.Context(), o)
	require.ErrorContains(t, err, `no backend "web" with servers; it has app, other`)
	o.Backend, o.Means, o.Agent = "app", ByAgent, "127.0.0.1:0"
	_, err = New(t.Context(), o)
	require.ErrorContains(t, err, "server a of backend app has weight 10 in HAProxy's configuration")
	o.Means = BySocket
	f.Demote()
	_, err = New(t.Context(), o)
	require.ErrorContains(t, err, "Permission denied")
	require.ErrorContains(t, err, "level admin")
	o.Backend = "app web\nset"
	_, err = New(t.Context(), o)
	require.ErrorContains(t, err, "no name of a backend")
}

// A log that nothing can be learned from is one sentence, and what to do.
func TestLogsThatTellNothing(t *testing.T) {
	for name, c := range map[string]struct{ line, want string }{
		"another backend": {string(httplog("web", "a", epoch, 0, 200, 0)), "other backends only (web): app is not among them"},
		"no timers":       {"<134>Nov 27 09:30:00 haproxy[77]: Connect from 127.0.0.1:46262 to 127.0.0.1:80 (front/HTTP)", `not those of "option httplog"`},
		"tcplog":          {"<134>haproxy[77]: 127.0.0.1:46262 [27/Nov/2026:09:30:00.048] front app/a 0/0/5 133 -- 5/5/4/1/0 0/0", `not those of "option httplog"`},
		"logasap":         {`[27/Nov/2026:09:30:00.048] front app/a 0/0/0/5/+5 200 +133 - - ---- 5/5/4/1/0 0/0 "GET / HTTP/1.1"`, "option logasap"},
		"other servers":   {string(httplog("app", "z", epoch, 0, 200, 0)), "servers that HAProxy's backend app has not"},
	} {
		r := start(t, Options{})
		deadline := time.Now().Add(patient)
		for !r.happened(metrics.EventWarning, c.want) {
			require.True(t, time.Now().Before(deadline), "%s: %v", name, r.Snapshot().Events)
			r.log <- []byte(c.line)
			time.Sleep(time.Millisecond)
		}
		require.Contains(t, r.Snapshot().Steering.Problem, c.want)
		r.stop()
	}
	require.Contains(t, (&heard{}).wrong("app", "127.0.0.1:5140"), `HAProxy needs "log 127.0.0.1:5140 local0"`)
}

// HAProxy that is gone changes nothing here, and is found again.
func TestHAProxyIsGoneForAWhile(t *testing.T) {
	r := start(t, Options{Means: BySocket})
	r.write(r.steered, well)
	r.haproxy.Says("show info", "nonsense")
	r.write(func() bool { return r.happened(metrics.EventWarning, "is no HAProxy") }, well)
	r.haproxy.Says("show info", "Name: HAProxy\nVersion: 2.6.12\nPid: 100\nUptime_sec: 60")
	r.write(func() bool { return r.happened(metrics.EventSteer, "answers again") }, well)
	r.stop()
	require.Equal(t, []int{10, 10, 20}, r.haproxy.Weights())
}

func TestCommands(t *testing.T) {
	r := start(t, Options{})
	require.NoError(t, r.Do(t.Context(), live.SetParam{Learner: "q_factored", Param: "gamma", Value: 0.5}))
	require.Equal(t, 0.5, r.observer.Sight().learner.Params()[2].Value)
	require.NoError(t, r.Do(t.Context(), live.ResetLearner{Name: "q_factored"}))
	for _, cmd := range []live.Command{
		live.SetPolicy{Name: "p2c"}, live.ToggleRL{}, live.SetRate{Rate: 3}, live.SetPaused{}, live.SetFault{}, live.ClearFaults{}, live.DrainServer{Server: "a"},
		live.PlayScenario{}, live.StopScenario{}, live.AskWhatIf{}, live.Export{}, live.RefreshCertificate{}, live.SetLearner{Name: "dqn"}, live.SetParam{Learner: "dqn"},
	} {
		require.Error(t, r.Do(t.Context(), cmd), "%T", cmd)
	}
	r.stop()
}

func ask(address, text string) (string, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if _, err := io.WriteString(c, text); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(c)
	return string(answer), err
}

// Agent checks get per cents, and at the end those of the configuration.
func TestAgentChecks(t *testing.T) {
	f := haproxytest.Start(t, "app", haproxytest.Server{Name: "a", Weight: 100, Initial: 100}, haproxytest.Server{Name: "b", Weight: 100, Initial: 100}, haproxytest.Server{Name: "c", Weight: 100, Initial: 100})
	api, err := haproxy.NewAPI(f.Path)
	require.NoError(t, err)
	r := &rig{t: t, log: make(typed), ended: make(chan error, 1), haproxy: f}
	r.Engine, err = New(t.Context(), Options{
		Backend: "app", Source: r.log, API: &api, Policy: defaults(), Means: ByAgent, Agent: "127.0.0.1:0", Guard: NewGuard(io.Discard),
	})
	require.NoError(t, err)
	ctx, cancel := contextOf(t)
	go func() { r.ended <- r.Run(ctx) }()
	told := func(server string) string {
		answer, err := ask(r.teller.address, server+"\n")
		require.NoError(t, err)
		return answer
	}
	r.write(func() bool { return told("a") == "up ready 100%\n" }, well)
	r.write(func() bool { return strings.HasPrefix(told("app/c"), "up ready 2") && told("b") != "up ready 100%\n" }, well)
	r.write(func() bool { return told("a") == "up ready 0%\n" }, func(server string) int { return map[string]int{"a": 500, "b": 200, "c": 200}[server] })
	require.Empty(t, told("nobody"))
	require.Eventually(t, func() bool { return r.happened(metrics.EventWarning, `said "nobody"`) }, patient, time.Millisecond)
	require.Empty(t, f.Changes(), "the socket is only looked at")

	cancel() // it waits for each to ask once more
	for _, server := range []string{"a", "b", "c"} {
		require.Eventually(t, func() bool {
			answer, err := ask(r.teller.address, server+"\n")
			return err != nil || answer == "up ready 100%\n"
		}, patient, time.Millisecond)
	}
	require.NoError(t, <-r.ended)
}

// What a guard is left with when whoever steers is killed: servers at 0 are lifted, nothing else.
func TestGuard(t *testing.T) {
	f := haproxytest.Start(t, "app", haproxytest.Server{Name: "a", Weight: 0, Initial: 10}, haproxytest.Server{Name: "b", Weight: 55, Initial: 10})
	run := func(wills ...Will) error {
		in, out := io.Pipe()
		ended := make(chan error)
		go func() { ended <- RunGuard(t.Context(), in) }()
		g := NewGuard(out)
		for _, w := range wills {
			require.NoError(t, g.Promise(w))
		}
		require.NoError(t, out.Close())
		return <-ended
	}
	will := Will{Socket: f.Path, Backend: "app", Lift: map[string]int{"a": 31, "b": 99}}
	require.NoError(t, run(will, Will{Done: true}))
	require.Equal(t, []int{0, 55}, f.Weights(), "released")
	require.NoError(t, run(will))
	require.Equal(t, []int{31, 55}, f.Weights())

	require.ErrorIs(t, Guard{}.Promise(will), errNoGuard)
	_, dead := io.Pipe()
	require.NoError(t, dead.CloseWithError(errors.New("gone")))
	require.ErrorIs(t, NewGuard(dead).Promise(will), errNoGuard)
	require.NoError(t, NewGuard(dead).Promise(Will{}), "nothing to guard")
}

// A dead agent is stood in for until each server that it had drained has asked.
func TestGuardStandsInForAnAgent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	require.NoError(t, l.Close())
	ended := make(chan error)
	will := Will{Agent: address, Backend: "app", Lift: map[string]int{"a": 40}, Percent: map[string]int{"b": 70}}
	go func() { ended <- will.carryOut(t.Context()) }()
	for server, want := range map[string]string{"b": "up ready 70%\n", "nobody": ""} {
		require.Eventually(t, func() bool { answer, err := ask(address, server+"\n"); return err == nil && answer == want }, patient, time.Millisecond)
	}
	answer, err := ask(address, "app/a\n")
	require.NoError(t, err)
	require.Equal(t, "up ready 40%\n", answer)
	require.NoError(t, <-ended)
}
