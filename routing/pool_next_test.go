package routing

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
)

func at(id, host string) UpstreamConfig {
	return UpstreamConfig{ID: id, URL: &url.URL{Scheme: "http", Host: host}}
}

func TestNextPoolKeepsTheServersThatStay(t *testing.T) {
	old, err := NewPool([]UpstreamConfig{at("a", "h:1"), at("b", "h:2"), at("c", "h:3")}, DefaultHealthConfig())
	require.NoError(t, err)
	before := NewRouter(old, &policytest.FirstFree{})
	d, ok := before.Pick()
	require.True(t, ok)
	for range 2 {
		old.Polled(1, Poll{})
	}
	require.False(t, old.Status()[1].Up)

	next, err := old.Next([]UpstreamConfig{at("b", "h:2"), {ID: "a", URL: &url.URL{Scheme: "http", Host: "h:1"}, Weight: 3}, at("c", "elsewhere:3")}, DefaultHealthConfig())
	require.NoError(t, err)
	s := next.Status()
	require.False(t, s[0].Up, "down stays down")
	require.Equal(t, 1, s[1].InFlight, "what is in flight is counted on")
	require.True(t, s[2].Up, "another URL is another server")
	require.GreaterOrEqual(t, next.Now(), d.rec.at, "one clock")

	d.Done(policy.Outcome{Status: 200})
	s = next.Status()
	require.Zero(t, s[1].InFlight)
	require.EqualValues(t, 1, s[1].Requests)
	views := make([]policy.ServerView, 3)
	next.upstreams[1].view(&views[1], next.Now())
	require.InDelta(t, 3, views[1].Weight, 0)

	_, err = next.Next([]UpstreamConfig{{}}, DefaultHealthConfig())
	require.Error(t, err)
	require.Same(t, next, next.upstreams[0].pool, "an error changes nothing")

	unpolled, err := next.Next([]UpstreamConfig{at("b", "h:2")}, HealthConfig{})
	require.NoError(t, err)
	require.True(t, unpolled.Status()[0].Up, "without polls nobody would bring it back")
}

// A server that joins others starts slowly, as one does that comes back; where all are new, nobody is
// held back.
func TestAddedServersStartSlowly(t *testing.T) {
	slow := WithSlowStart(DefaultSlowStartConfig(), 1)
	warms := func(p *Pool) (all []bool) {
		for _, u := range p.upstreams {
			all = append(all, u.warming.window > 0)
		}
		return all
	}
	p, err := NewPool([]UpstreamConfig{at("a", "h:1"), at("b", "h:2")}, DefaultHealthConfig(), slow)
	require.NoError(t, err)
	require.Equal(t, []bool{false, false}, warms(p))

	p, err = p.Next([]UpstreamConfig{at("c", "h:3"), at("a", "h:1"), at("b", "elsewhere:2")}, DefaultHealthConfig(), slow)
	require.NoError(t, err)
	require.Equal(t, []bool{true, false, true}, warms(p), "another URL is another server")

	for range 2 {
		p.Polled(1, Poll{})
	}
	p, err = p.Next([]UpstreamConfig{at("a", "h:1"), at("c", "h:3")}, HealthConfig{}, slow)
	require.NoError(t, err)
	require.Equal(t, []bool{true, true}, warms(p), "back because nobody polls it any more")

	p, err = p.Next([]UpstreamConfig{at("d", "h:4"), at("e", "h:5")}, DefaultHealthConfig(), slow)
	require.NoError(t, err)
	require.Equal(t, []bool{false, false}, warms(p))
}

// A server that leaves takes no new requests, whatever an operator says; one that is back starts slowly.
func TestLeavingServersAreDrainedInTheNextPool(t *testing.T) {
	at := func(id string, leaving bool) UpstreamConfig {
		return UpstreamConfig{ID: id, URL: &url.URL{Scheme: "http", Host: id}, Leaving: leaving}
	}
	slow := WithSlowStart(SlowStartConfig{Window: time.Hour}, 1)
	p, err := NewPool([]UpstreamConfig{at("a:1", false), at("b:1", false)}, DefaultHealthConfig(), slow)
	require.NoError(t, err)
	p, err = p.Next([]UpstreamConfig{at("a:1", true), at("b:1", false)}, DefaultHealthConfig(), slow)
	require.NoError(t, err)
	require.NoError(t, p.Drain("a:1", false))
	require.Equal(t, []State{StateDraining, StateUp}, []State{p.Status()[0].State, p.Status()[1].State})
	r := NewRouter(p, &policytest.FirstFree{})
	d, ok := r.Pick()
	require.True(t, ok)
	require.Equal(t, 1, d.Server())
	d.Done(policy.Outcome{Status: 200})
	p, err = p.Next([]UpstreamConfig{at("a:1", false), at("b:1", false)}, DefaultHealthConfig(), slow)
	require.NoError(t, err)
	require.Equal(t, StateUp, p.Status()[0].State)
	require.NotZero(t, p.upstreams[0].warming.window)
	require.Zero(t, p.upstreams[1].warming.window)
}
