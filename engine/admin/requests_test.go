package admin

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/routing/proxy"
)

func written(t *testing.T, registry *prometheus.Registry) string {
	t.Helper()
	w := httptest.NewRecorder()
	expose(registry).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Equal(t, http.StatusOK, w.Code)
	return w.Body.String()
}

func TestRequestsAreCountedInBuckets(t *testing.T) {
	registry := prometheus.NewRegistry()
	r := newRequests(registry)
	r.observe("s1", 200, time.Millisecond, proxy.Retries{}) // on the bound: le
	r.observe("s1", 204, 2*time.Millisecond, proxy.Retries{proxy.RetryReset: 1, proxy.RetryStatus: 1})
	r.observe("s1", 299, time.Hour, proxy.Retries{})
	r.observe("s1", 503, time.Second, proxy.Retries{proxy.RetryReset: 1})
	r.observe("", 503, 0, proxy.Retries{})
	r.observe("s2", 777, 0, proxy.Retries{})
	got := written(t, registry)
	for _, line := range []string{
		`slbtui_request_duration_seconds_bucket{code="2xx",upstream="s1",le="0.001"} 1`,
		`slbtui_request_duration_seconds_bucket{code="2xx",upstream="s1",le="0.0025"} 2`,
		`slbtui_request_duration_seconds_bucket{code="2xx",upstream="s1",le="30"} 2`,
		`slbtui_request_duration_seconds_bucket{code="2xx",upstream="s1",le="+Inf"} 3`,
		`slbtui_request_duration_seconds_sum{code="2xx",upstream="s1"} 3600.003`,
		`slbtui_request_duration_seconds_count{code="2xx",upstream="s1"} 3`,
		`slbtui_request_duration_seconds_count{code="5xx",upstream="s1"} 1`,
		`slbtui_request_duration_seconds_count{code="5xx",upstream=""} 1`,
		`slbtui_request_duration_seconds_count{code="none",upstream="s2"} 1`,
		`slbtui_request_retries_total{reason="reset"} 2`, `slbtui_request_retries_total{reason="status"} 1`, `slbtui_request_retries_total{reason="stale"} 0`,
	} {
		require.Contains(t, got, line+"\n")
	}
	require.NotContains(t, got, `code="3xx"`)
}

func TestLabelsStayBounded(t *testing.T) {
	registry := prometheus.NewRegistry()
	r := newRequests(registry)
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := range maxUpstreams {
				r.observe(fmt.Sprint(g, "-", i), 200, 0, proxy.Retries{})
			}
		})
	}
	all.Wait()
	got := written(t, registry)
	require.LessOrEqual(t, strings.Count(got, "_count{"), maxUpstreams+1)
	require.Contains(t, got, `upstream="`+otherUpstream+`"`)
	total := 0
	for _, m := range regexp.MustCompile(`_count\{.*\} (\d+)`).FindAllStringSubmatch(got, -1) {
		var n int
		_, err := fmt.Sscan(m[1], &n)
		require.NoError(t, err)
		total += n
	}
	require.Equal(t, 4*maxUpstreams, total, "none is lost")
}

func TestObserveDoesNotAllocate(t *testing.T) {
	r := newRequests(prometheus.NewRegistry())
	require.Zero(t, testing.AllocsPerRun(1000, func() { r.observe("s1", 200, 3*time.Millisecond, proxy.Retries{proxy.RetryConnect: 1}) }))
	for i := range maxUpstreams {
		r.observe(fmt.Sprint(i), 200, 0, proxy.Retries{})
	}
	require.Zero(t, testing.AllocsPerRun(1000, func() { r.observe("one more", 200, 3*time.Millisecond, proxy.Retries{proxy.RetryConnect: 1}) }))
}

func BenchmarkObserve(b *testing.B) {
	b.ReportAllocs()
	r := newRequests(prometheus.NewRegistry())
	for b.Loop() {
		r.observe("s1", 200, 3*time.Millisecond, proxy.Retries{})
	}
}

// BenchmarkObserveOther is a request to one of more upstreams than are told apart.
func BenchmarkObserveOther(b *testing.B) {
	b.ReportAllocs()
	r := newRequests(prometheus.NewRegistry())
	for i := range maxUpstreams {
		r.observe(fmt.Sprint(i), 200, 0, proxy.Retries{})
	}
	for b.Loop() {
		r.observe("s1", 200, 3*time.Millisecond, proxy.Retries{})
	}
}

// changing is an engine whose servers change.
type changing struct{ ids []string }

func (c *changing) Snapshot() *live.Snapshot {
	s := &live.Snapshot{State: "running"}
	for _, id := range c.ids {
		s.Servers = append(s.Servers, live.Server{ID: id, State: "ok"})
	}
	return s
}
func (*changing) Do(context.Context, live.Command) error { return nil }

// What was counted of a server that is gone is written no more, also of its last requests.
func TestRemovedServersLeaveNoSeries(t *testing.T) {
	e := &changing{ids: []string{"a", "b"}}
	s, err := Listen(config.Admin{Listen: "127.0.0.1:0"}, e)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	observe := func(ids ...string) {
		for _, id := range ids {
			s.Observe(proxy.Exchange{ServerID: id, Status: 200, Attempts: 1})
			s.Observe(proxy.Exchange{ServerID: id, Status: 503, Attempts: 1})
		}
	}
	upstreams := func() []string {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, request(t, s, http.MethodGet, "/metrics", ""))
		seen := map[string]bool{}
		for _, m := range regexp.MustCompile(`upstream="([^"]*)"`).FindAllStringSubmatch(w.Body.String(), -1) {
			seen[m[1]] = true
		}
		return slices.Sorted(maps.Keys(seen))
	}
	observe("", "a", "b")
	require.Equal(t, []string{"", "a", "b"}, upstreams())
	e.ids = []string{"b", "c"}
	observe("a", "c") // a request of before ends
	require.Equal(t, []string{"", "b", "c"}, upstreams())
	observe("a", "b")
	require.Equal(t, []string{"", "b", "c"}, upstreams())
	e.ids = []string{"a"}
	observe("a")
	require.Equal(t, []string{"", "a"}, upstreams(), "back, from zero")
}
