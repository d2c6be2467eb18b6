package engine

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
)

// crowded is a balancer with one request at its only server, which answers when it is told to.
type crowded struct {
	*Engine
	cfg             config.Config
	client          *http.Client
	arrived, answer chan struct{}
	ended           chan int
}

func newCrowded(t *testing.T, limits func(*config.Config)) *crowded {
	c := &crowded{arrived: make(chan struct{}, 10), answer: make(chan struct{}), ended: make(chan int, 10)}
	c.cfg = serveConfig(upstream(t, func(_ http.ResponseWriter, r *http.Request) {
		c.arrived <- struct{}{}
		select {
		case <-c.answer:
		case <-r.Context().Done():
		}
	}))
	c.cfg.Limits.Queue, c.cfg.Limits.QueueTimeout = 10, time.Minute
	limits(&c.cfg)
	c.Engine = start(t, c.cfg, Options{ServeOnly: true})
	c.client = client(t, nil, func(p *http.Protocols) { p.SetHTTP1(true) })
	c.send(t)
	<-c.arrived
	return c
}

func (c *crowded) send(t *testing.T) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+c.Addr(), nil)
	require.NoError(t, err)
	go func() {
		res, err := c.client.Do(req)
		if err != nil {
			c.ended <- 0
			return
		}
		_ = res.Body.Close()
		c.ended <- res.StatusCode
	}()
}

func (c *crowded) reload(t *testing.T, change func(*config.Config)) {
	t.Helper()
	change(&c.cfg)
	require.NoError(t, c.Reconfigure(t.Context(), c.cfg))
}

func (c *crowded) waiting(t *testing.T, n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		return c.current.balancer().pool.Waiting() == n
	}, 20*time.Second, time.Millisecond)
}

// Whoever waits for a place is told of it, whichever side of a new configuration both are on.
func TestWaitingRequestsSurviveANewConfiguration(t *testing.T) {
	other := func(c *config.Config) { c.Retry.Backoff++ }
	for name, limits := range map[string]func(*config.Config){
		"in total":   func(c *config.Config) { c.Limits.MaxInFlight = 1 },
		"per server": func(c *config.Config) { c.Limits.PerServer = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCrowded(t, limits)
			c.send(t)
			c.waiting(t, 1)
			c.reload(t, other)
			c.send(t)
			c.waiting(t, 2) // the place is taken still, and who came first stands first
			c.reload(t, other)
			for range 2 {
				c.answer <- struct{}{}
				<-c.arrived
				require.Equal(t, 200, <-c.ended)
			}
			c.waiting(t, 0)
			c.answer <- struct{}{}
			require.Equal(t, 200, <-c.ended)
		})
	}
}

// Waiting requests get what a new configuration has for them.
func TestNewConfigurationMakesRoom(t *testing.T) {
	for name, change := range map[string]func(*config.Config, string){
		"no limit": func(c *config.Config, _ string) { c.Limits.PerServer = 0 },
		"another server": func(c *config.Config, url string) {
			c.Servers = append(c.Servers, config.Server{ID: "s2", URL: url, Weight: 1})
		},
		"other servers": func(c *config.Config, url string) { c.Servers = []config.Server{{ID: "s2", URL: url, Weight: 1}} },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCrowded(t, func(c *config.Config) { c.Limits.PerServer = 1 })
			c.send(t)
			c.waiting(t, 1)
			url := upstream(t, answer)
			c.reload(t, func(cfg *config.Config) { change(cfg, url) })
			if name == "no limit" {
				<-c.arrived
				c.answer <- struct{}{}
			}
			require.Equal(t, 200, <-c.ended)
			c.answer <- struct{}{}
			require.Equal(t, 200, <-c.ended)
		})
	}
}

// The limit of all counts what an earlier configuration let through, limited or not.
func TestTheGlobalLimitHoldsAcrossConfigurations(t *testing.T) {
	c := newCrowded(t, func(*config.Config) {})
	c.reload(t, func(c *config.Config) { c.Limits.MaxInFlight = 1 })
	c.send(t)
	c.waiting(t, 1)
	require.Empty(t, c.arrived)
	c.answer <- struct{}{}
	<-c.arrived
	c.answer <- struct{}{}
	require.Equal(t, []int{200, 200}, []int{<-c.ended, <-c.ended})
}

// A balancer that is about to go stays so.
func TestNewConfigurationDoesNotEndADrain(t *testing.T) {
	cfg := serveConfig(upstream(t, answer))
	e := start(t, cfg, Options{ServeOnly: true})
	e.frontend.handler.Load().Drain()
	cfg.Retry.Backoff++
	require.NoError(t, e.Reconfigure(t.Context(), cfg))
	c := client(t, nil, func(p *http.Protocols) { p.SetHTTP1(true) })
	res, _ := get(t, c, "http://"+e.Addr()+"/health")
	require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
}
