package routing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

func TestEjector(t *testing.T) {
	cfg := DefaultOutlierConfig()
	e := NewEjector(3, cfg, SlowStartConfig{Window: 10 * time.Second}, 1)
	usable := func(at time.Duration) (up []bool) {
		v := policy.View{Now: at, Servers: []policy.ServerView{{Available: true}, {Available: true}, {Available: true}}}
		e.Apply(v)
		for _, s := range v.Servers {
			up = append(up, s.Available)
		}
		return up
	}
	fail := func(server, times int, at time.Duration) {
		for range times {
			e.Record(server, policy.Outcome{Now: at, Latency: time.Millisecond, Status: 500})
		}
	}
	fail(0, cfg.Consecutive-1, time.Second)
	require.Equal(t, []bool{true, true, true}, usable(time.Second))
	fail(0, 1, time.Second)
	require.Equal(t, []bool{false, true, true}, usable(time.Second))
	fail(1, 2*cfg.Consecutive, time.Second)
	require.Equal(t, []bool{false, true, true}, usable(time.Second), "more than half of them must not be out")

	back := time.Second + cfg.BaseEjection
	offered := 0
	for range 1000 {
		if usable(back)[0] {
			offered++
		}
	}
	require.InDelta(t, 100, offered, 40, "a tenth of the requests at the beginning of the slow start")
	require.Equal(t, []bool{true, true, true}, usable(back+10*time.Second))
	fail(0, 1, back+10*time.Second)
	require.Equal(t, []bool{false, true, true}, usable(back+11*time.Second), "on probation one failure is enough")
}

func TestEjectorFailsOpen(t *testing.T) {
	cfg := DefaultOutlierConfig()
	cfg.MaxEjectedShare = 1
	e := NewEjector(2, cfg, SlowStartConfig{}, 1)
	for server := range 2 {
		for range cfg.Consecutive {
			e.Record(server, policy.Outcome{Now: time.Second, Latency: time.Millisecond, Failure: policy.FailureTimeout})
		}
	}
	v := policy.View{Now: time.Second, Servers: []policy.ServerView{{Available: true}, {}}}
	e.Apply(v)
	require.Equal(t, []policy.ServerView{{Available: true}, {}}, v.Servers, "ejected servers are better than none, but not those that are down")
}
