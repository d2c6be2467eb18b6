package routing

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy/policytest"
)

// A server may be polled in its own way, among others that are polled as all are.
func TestAServerPolledInItsOwnWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		asked := map[string][]string{} // what, by the host that was asked for
		srv := &pipeServer{}
		srv.set(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			asked[r.Host] = append(asked[r.Host], r.URL.Path+" "+r.Header.Get("X-Probe")+" "+r.Header.Get("User-Agent"))
			w.WriteHeader(http.StatusFound)
		})
		var dialled sync.Map
		dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
			dialled.Store(addr, true)
			return srv.dial(ctx, network, addr)
		}
		all := HealthConfig{Path: "/health", Timeout: time.Second, Rise: 1, Fall: 1}
		own := HealthConfig{
			Path: "/alive", Host: "inside.test", Headers: map[string]string{"X-Probe": "yes"}, Status: []StatusRange{"204", "300-399"},
			Port: 9999, Interval: time.Minute, Timeout: time.Second, Rise: 1, Fall: 1,
		}
		quiet := HealthConfig{}
		at := func(id string, h *HealthConfig) UpstreamConfig {
			return UpstreamConfig{ID: id, URL: &url.URL{Scheme: "http", Host: id + ".test:80"}, Health: h}
		}
		p, err := NewPool([]UpstreamConfig{at("a", nil), at("b", &own), at("c", &quiet)}, all)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		h := NewHealth(p, 10*time.Second, HealthOptions{Dial: dial})
		done := make(chan error, 1)
		go func() { done <- h.Run(ctx) }()
		time.Sleep(45 * time.Second)
		synctest.Wait()
		cancel()
		require.NoError(t, <-done)
		mu.Lock()
		defer mu.Unlock()
		require.InDelta(t, 5, len(asked["a.test:80"]), 1)
		require.Equal(t, []string{"/alive yes slbtui-health"}, asked["inside.test"])
		require.Len(t, asked, 2, "the third is not polled")
		_, there := dialled.Load("b.test:9999")
		require.True(t, there)
		status := p.Status()
		require.Equal(t, []bool{false, true, true}, []bool{status[0].Up, status[1].Up, status[2].Up}, "302 is good for the second alone")

		p, err = p.Next([]UpstreamConfig{at("a", &own), at("b", nil)}, all)
		require.NoError(t, err)
		require.Equal(t, "/alive", p.upstreams[0].polling().Path, "a change reaches the record that stays")
		require.Equal(t, "/health", p.upstreams[1].polling().Path)
		_, err = p.Next([]UpstreamConfig{at("a", &HealthConfig{Path: "x"})}, all)
		require.ErrorContains(t, err, "upstream a: health checks")
	})
}

func TestStatusRanges(t *testing.T) {
	for _, good := range []StatusRange{"100", "200-299", "599", "404-404"} {
		_, _, err := good.Bounds()
		require.NoError(t, err)
	}
	for _, bad := range []StatusRange{"", "2xx", "99", "600", "300-200", "200-", "-200", "200-299-300"} {
		_, _, err := bad.Bounds()
		require.ErrorContains(t, err, "such as 200-299", bad)
	}
}

// A pool whose servers are yet to be found refuses everything, and asks no policy.
func TestAPoolWithoutServers(t *testing.T) {
	p := testPool(t, 0, DefaultHealthConfig())
	r := NewRouter(p, &policytest.FirstFree{})
	_, ok := r.Pick()
	require.False(t, ok)
	_, waited := r.Wait(t.Context(), time.Hour)
	require.Equal(t, WaitedNobody, waited)
	require.Equal(t, UseNone, p.Use())
	next, err := p.Next([]UpstreamConfig{{ID: "a", URL: &url.URL{Scheme: "http", Host: "h:1"}}}, DefaultHealthConfig())
	require.NoError(t, err)
	require.Equal(t, UsePlain, next.Use())
}
