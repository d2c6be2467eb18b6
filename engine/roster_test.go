package engine

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/routing/policy"
)

// listed is a file of servers, and how it changes.
type listed struct {
	path string
	t    *testing.T
}

func newListed(t *testing.T) listed { return listed{filepath.Join(t.TempDir(), "servers.yaml"), t} }

func (l listed) set(all ...*pod) {
	l.t.Helper()
	var text strings.Builder
	for _, p := range all {
		text.WriteString("- " + p.address + "\n")
	}
	require.NoError(l.t, os.WriteFile(l.path+".new", []byte(text.String()), 0o600))
	require.NoError(l.t, os.Rename(l.path+".new", l.path))
}

func (l listed) discovery() config.Discovery { return config.Discovery{File: l.path} }

func asks(t *testing.T, e *Engine, path string) (int, string) {
	t.Helper()
	res, err := http.Get("http://" + e.Addr() + path)
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode, string(body)
}

func stateOf(s *live.Snapshot, id string) live.ServerState {
	for _, server := range s.Servers {
		if server.ID == id {
			return server.State
		}
	}
	return "none"
}

func told(e *Engine, kind metrics.EventKind) (texts []string) {
	for _, ev := range e.Snapshot().Events {
		if ev.Kind == kind {
			texts = append(texts, ev.Text)
		}
	}
	return texts
}

// Before any server is found there is a run, which stands everything but requests.
func TestARunWhoseServersAreYetToBeFound(t *testing.T) {
	defer http.DefaultClient.CloseIdleConnections()
	p, list := pods(t, 1)[0], newListed(t)
	e := finding(t, list.discovery(), nil)
	becomes(t, e, "nothing is found", func(s *live.Snapshot) bool { return s.Discovery.Failures > 0 })
	require.Empty(t, e.Snapshot().Servers)
	require.Contains(t, told(e, metrics.EventWarning)[0], "no such file or directory; none is known yet")
	for _, name := range policy.Names() {
		require.NoError(t, e.Do(t.Context(), live.SetPolicy{Name: name}))
	}
	require.ErrorContains(t, e.Do(t.Context(), live.AskWhatIf{}), "what if: ")
	require.Error(t, e.Do(t.Context(), live.DrainServer{Server: "a", Drain: true}))
	require.Empty(t, e.Summary().Servers)

	list.set(p)
	becomes(t, e, "it is found", func(s *live.Snapshot) bool { return len(s.Servers) == 1 })
	status, who := asks(t, e, "/")
	require.Equal(t, 200, status)
	require.Equal(t, p.address, who)
	becomes(t, e, "all of it is told", func(*live.Snapshot) bool { return len(told(e, metrics.EventServers)) == 2 })
	require.Equal(t, []string{p.address + " is new", "servers are found again: file " + list.path}, told(e, metrics.EventServers))
}

// What is in flight at a server that goes may finish; what an operator said of others stands.
func TestWhoLeavesFinishesWhatItHas(t *testing.T) {
	defer http.DefaultClient.CloseIdleConnections()
	all, list := pods(t, 3), newListed(t)
	list.set(all[0])
	hold := make(chan struct{})
	all[0].hold.Store(&hold)
	e := finding(t, list.discovery(), nil)
	becomes(t, e, "one is found", func(s *live.Snapshot) bool { return len(s.Servers) == 1 })
	type answer struct {
		status int
		who    string
	}
	answered := make(chan answer, 1)
	go func() {
		status, who := asks(t, e, "/held")
		answered <- answer{status, who}
	}()
	id := all[0].address
	becomes(t, e, "it has a request", func(s *live.Snapshot) bool { return s.Servers[0].InFlight == 1 })
	list.set(all[1], all[2])
	becomes(t, e, "it leaves", func(s *live.Snapshot) bool { return stateOf(s, id) == live.ServerDraining && len(s.Servers) == 3 })
	require.NoError(t, e.Do(t.Context(), live.DrainServer{Server: all[2].address, Drain: true}))
	for range 20 {
		status, who := asks(t, e, "/")
		require.Equal(t, answer{200, all[1].address}, answer{status, who})
	}
	list.set(all...)
	becomes(t, e, "it is back", func(s *live.Snapshot) bool { return stateOf(s, id) != live.ServerDraining })
	list.set(all[1], all[2])
	becomes(t, e, "it leaves again", func(s *live.Snapshot) bool { return stateOf(s, id) == live.ServerDraining })
	require.Equal(t, live.ServerDraining, stateOf(e.Snapshot(), all[2].address), "by order, still")
	close(hold)
	require.Equal(t, answer{200, id}, <-answered)
	becomes(t, e, "it is gone", func(s *live.Snapshot) bool { return stateOf(s, id) == "none" })
	list.set(all[1])
	becomes(t, e, "the drained one is gone", func(s *live.Snapshot) bool { return stateOf(s, all[2].address) == "none" })
	list.set(all[1], all[2])
	becomes(t, e, "it is back, and drained", func(s *live.Snapshot) bool { return stateOf(s, all[2].address) == live.ServerDraining })
	require.Contains(t, told(e, metrics.EventServers), id+" leaves: no new requests, those in flight finish")
	require.Contains(t, told(e, metrics.EventServers), id+" is back")
	require.Contains(t, told(e, metrics.EventServers), id+" is gone")
}

// What was learned of an address is there when it comes back, unless that takes too long.
func TestAnAddressIsRememberedForAWhile(t *testing.T) {
	defer http.DefaultClient.CloseIdleConnections()
	all, list := pods(t, 2), newListed(t)
	list.set(all...)
	e := finding(t, list.discovery(), func(c *config.Config) { c.LoadBalancer.Policy = "round_robin" })
	becomes(t, e, "both are found", func(s *live.Snapshot) bool { return len(s.Servers) == 2 })
	for range 20 {
		asks(t, e, "/")
	}
	measured := func(id string) uint64 {
		b := e.current.balancer()
		for i, s := range b.services() {
			if b.cfg.Servers[i].ID == id {
				return s.Measured
			}
		}
		return 0
	}
	id := all[1].address
	knew := measured(id)
	require.NotZero(t, knew)
	e.current.hold(func(*balancer) { // those that are forgotten by now take nobody's room
		for i := range maxRemembered {
			e.roster.gone[fmt.Sprint(i)] = gone{until: e.journal.Now() - time.Second}
		}
	})
	list.set(all[0])
	becomes(t, e, "one is gone", func(s *live.Snapshot) bool { return len(s.Servers) == 1 })
	list.set(all...)
	becomes(t, e, "it is back", func(s *live.Snapshot) bool { return len(s.Servers) == 2 })
	require.Equal(t, knew, measured(id))

	list.set(all[0])
	becomes(t, e, "it is gone again", func(s *live.Snapshot) bool { return len(s.Servers) == 1 })
	e.current.hold(func(*balancer) { // the control goroutine rests: nothing changes in the list
		g := e.roster.gone[id]
		g.until = e.journal.Now() - time.Second
		e.roster.gone[id] = g
	})
	list.set(all...)
	becomes(t, e, "it is back again", func(s *live.Snapshot) bool { return len(s.Servers) == 2 })
	require.Zero(t, measured(id))
}

func TestANewConfigurationKeepsThoseFound(t *testing.T) {
	defer http.DefaultClient.CloseIdleConnections()
	all, list := pods(t, 2), newListed(t)
	list.set(all...)
	e := finding(t, list.discovery(), nil)
	becomes(t, e, "both are found", func(s *live.Snapshot) bool { return len(s.Servers) == 2 })
	cfg := e.current.balancer().cfg
	cfg.Servers = nil // as from a file
	cfg.Health.Path = "/"
	require.NoError(t, e.Reconfigure(t.Context(), cfg))
	require.Equal(t, addressesOfPods(all), taking(e.Snapshot()))
	cfg.Discovery.File = "other"
	require.NoError(t, e.Reconfigure(t.Context(), cfg))
	require.Equal(t, addressesOfPods(all), taking(e.Snapshot()))
	require.Contains(t, told(e, metrics.EventWarning), "only a restart changes discovery")
	status, _ := asks(t, e, "/")
	require.Equal(t, 200, status)
}

func TestFoundServersExcludeOthers(t *testing.T) {
	cfg := config.Default()
	cfg.Discovery.File = "servers.yaml"
	_, err := New(cfg, Options{ServeOnly: true})
	require.ErrorContains(t, err, "discovery finds the servers")
	cfg.Servers = nil
	_, err = New(cfg, Options{ServeOnly: true, Learned: "x"})
	require.ErrorContains(t, err, "--learned")
	cfg.Discovery = config.Discovery{DNS: config.DNS{Type: "A"}, Kubernetes: config.Kubernetes{Service: "web"}}
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	_, err = New(cfg, Options{ServeOnly: true})
	require.ErrorContains(t, err, "discovery.kubernetes: ")
}
