package routing

import (
	"math"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

func TestNewPoolRejects(t *testing.T) {
	u := &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	ok := UpstreamConfig{ID: "a", URL: u}
	for name, tc := range map[string]struct {
		ups    []UpstreamConfig
		health HealthConfig
		want   string
	}{
		"empty":        {nil, HealthConfig{}, "at least one server"},
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
	r := NewRouter(p, &firstFree{})
	for range 5 {
		d, ok := r.Pick()
		require.True(t, ok)
		d.Done(policy.Outcome{Failure: policy.FailureConnect})
	}
	require.True(t, p.Status()[0].Up)
	require.EqualValues(t, 5, p.Status()[0].Failures)
}
