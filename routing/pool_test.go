package routing

import (
	"math"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
)

func TestNewPoolRejects(t *testing.T) {
	u := &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	ok := UpstreamConfig{ID: "a", URL: u}
	for name, tc := range map[string]struct {
		ups    []UpstreamConfig
		health HealthConfig
		want   string
	}{
		"status":       {[]UpstreamConfig{ok}, HealthConfig{Path: "/", Timeout: 1, Rise: 1, Fall: 1, Status: []StatusRange{"2xx"}}, "such as 200-299"},
		"no id":        {[]UpstreamConfig{{URL: u}}, HealthConfig{}, "needs an id"},
		"no url":       {[]UpstreamConfig{{ID: "a"}}, HealthConfig{}, "upstream a"},
		"no host":      {[]UpstreamConfig{{ID: "a", URL: &url.URL{Scheme: "http"}}}, HealthConfig{}, "http://host:port"},
		"other scheme": {[]UpstreamConfig{{ID: "a", URL: &url.URL{Scheme: "ftp", Host: "h"}}}, HealthConfig{}, "http://host:port"},
		"weight":       {[]UpstreamConfig{{ID: "a", URL: u, Weight: math.NaN()}}, HealthConfig{}, "weight"},
		"same id":      {[]UpstreamConfig{ok, ok}, HealthConfig{}, "id is taken"},
		"rise":         {[]UpstreamConfig{ok}, HealthConfig{Path: "/", Timeout: 1, Fall: 1}, "rise 0"},
		"health host":  {[]UpstreamConfig{ok}, HealthConfig{Path: "//x", Timeout: 1, Rise: 1, Fall: 1}, "start with one /"},
		"health path":  {[]UpstreamConfig{ok}, HealthConfig{Path: "x", Timeout: 1, Rise: 1, Fall: 1}, "start with one /"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewPool(tc.ups, tc.health)
			require.ErrorContains(t, err, tc.want)
		})
	}
}

func TestStatusOfAFreshPool(t *testing.T) {
	p := testPool(t, 2, HealthConfig{})
	s := p.Status()
	require.Len(t, s, 2)
	require.Equal(t, UpstreamStatus{ID: "s1", Host: "127.0.0.1:1", Up: true, CPU: -1}, s[0])
}

func TestWithoutPollingAServerStaysIn(t *testing.T) {
	p := testPool(t, 1, HealthConfig{})
	r := NewRouter(p, &policytest.FirstFree{})
	for range 5 {
		d, ok := r.Pick()
		require.True(t, ok)
		d.Done(policy.Outcome{Failure: policy.FailureConnect})
	}
	require.True(t, p.Status()[0].Up)
	require.EqualValues(t, 5, p.Status()[0].Failures)
}

func TestPoolOptionsOutOfRange(t *testing.T) {
	ups := []UpstreamConfig{{ID: "a", URL: testPool(t, 1, HealthConfig{}).upstreams[0].url}}
	for name, o := range map[string]PoolOption{
		"no base":         WithOutlier(OutlierConfig{Consecutive: 1}),
		"longest shorter": WithOutlier(OutlierConfig{FailureShare: 1, BaseEjection: 2, MaxEjection: 1}),
		"slow start":      WithSlowStart(SlowStartConfig{Window: -1}, 1),
		"limit":           WithLimits(LimitsConfig{MaxInFlight: -1}),
		"queue":           WithLimits(LimitsConfig{Queue: -1}),
	} {
		_, err := NewPool(ups, HealthConfig{}, o)
		require.Error(t, err, name)
	}
}
