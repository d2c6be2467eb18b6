package comparison

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/simulate"
)

// What a terminal shows fits eighty columns, the best policy first.
func TestRanking(t *testing.T) {
	scenarios := short(t, "slow5x", "blackhole")
	scenarios = append(scenarios, scenarios[0])
	scenarios[2].Name = "evil\x1b]0;pwn\a, and a name that is longer than any column"
	r, err := Compare(t.Context(), Plan{
		Scenarios: scenarios, Policies: append(simulate.ClassicalPolicies(), simulate.SocialClairvoyant), Seeds: SeedRange(1, 2), Options: parameters(),
	}, nil)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, WriteRanking(&b, r))
	for line := range strings.Lines(b.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")), 80, line)
	}
	require.NotContains(t, b.String(), "\x1b")
	checkedIn(t, "testdata/ranking.txt", b.Bytes())
}

// One seed has no interval, and a policy that answered nothing has no latency.
func TestNoSamples(t *testing.T) {
	fails := func(server string) simulate.Fault {
		return simulate.Fault{Server: server, Fault: fault.Fault{ErrorRate: 1}}
	}
	dead := short(t, "steady60")[0]
	dead.Duration = 5 * time.Second
	dead.Faults = []simulate.Fault{fails("server1"), fails("server2"), fails("server3")}
	r, err := Compare(t.Context(), Plan{Scenarios: []simulate.Scenario{dead}, Policies: []string{"p2c", "random"}, Seeds: SeedRange(1, 1), Options: parameters()}, nil)
	require.NoError(t, err)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"ranking":  func(b *bytes.Buffer) error { return WriteRanking(b, r) },
		"markdown": func(b *bytes.Buffer) error { return WriteMarkdown(b, r) },
	} {
		var b bytes.Buffer
		require.NoError(t, write(&b))
		require.Regexp(t, `p2c[ |]+-[ |]+-[ |]+-`, b.String(), name)
		require.NotContains(t, b.String(), "[0", name)
	}
	var b bytes.Buffer
	require.NoError(t, WriteJSON(&b, r))
	require.Contains(t, b.String(), `"mean_ci_ms":null`)
}
