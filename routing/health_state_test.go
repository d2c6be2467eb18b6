package routing

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

// Each script reads left to right: "+" a good poll, "-" a poll without answer, "5" one that
// answers 5xx, "r" a refused request, "a" an answered request. The state after each step stands
// below it: U up, D down.
func TestHealthStateScripts(t *testing.T) {
	cfg := HealthConfig{Path: "/health", Timeout: time.Second, Rise: 2, Fall: 3}
	for name, tc := range map[string]struct{ steps, states string }{
		"good from the start":               {"+++", "UUU"},
		"on credit until the first success": {"-++", "DDU"},
		"one refusal ends the credit":       {"r++", "DDU"},
		"fall counts failures in a row":     {"+--+---", "UUUUUUD"},
		"an error answer is a failure":      {"+555", "UUUD"},
		"refusals and polls add up":         {"+-rr", "UUUD"},
		"a good poll forgets refusals":      {"+rr+rr", "UUUUUU"},
		"an answered request does too":      {"+rrarr", "UUUUUU"},
		"but not failed polls":              {"+--a-", "UUUUD"},
		"rise counts successes in a row":    {"-+-++", "DDDDU"},
		"refusals while down change none":   {"-+r+", "DDDU"},
	} {
		t.Run(name, func(t *testing.T) {
			u := &upstream{health: newHealthState(), polls: cfg, pool: &Pool{}}
			var got strings.Builder
			for i, step := range tc.steps {
				now := time.Duration(i+1) * time.Second
				before := u.health.up
				changed := false
				switch step {
				case 'r':
					changed, _ = u.answered(Flight{}, policy.Outcome{Now: now, Failure: policy.FailureConnect}, false)
				case 'a':
					changed, _ = u.answered(Flight{}, policy.Outcome{Now: now, Status: 200}, false)
				default:
					changed = u.health.checked(now, Poll{Answered: step != '-', Good: step == '+', CPU: -1}, cfg)
				}
				require.Equal(t, before != u.health.up, changed, "step %d", i)
				if changed {
					require.Equal(t, now, u.health.since)
				}
				got.WriteString(map[bool]string{true: "U", false: "D"}[u.health.up])
			}
			require.Equal(t, tc.states, got.String())
		})
	}
}

func TestReachableFollowsTheLastSign(t *testing.T) {
	cfg := HealthConfig{Path: "/", Timeout: time.Second, Rise: 1, Fall: 9}
	s := newHealthState()
	require.True(t, s.reachable)
	s.checked(1, Poll{Answered: true, Good: true}, cfg)
	s.checked(2, Poll{}, cfg)
	require.False(t, s.reachable)
	s.checked(3, Poll{Answered: true}, cfg)
	require.True(t, s.reachable, "an unhealthy answer is an answer")
	s.refused(4, cfg)
	require.False(t, s.reachable)
}
