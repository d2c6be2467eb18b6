package simulate

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

// The example beside the page about scenario files has every key, and every policy can play it.
func TestExampleHasEveryKey(t *testing.T) {
	example, err := os.ReadFile("../../docs/scenarios/every_key.yaml")
	require.NoError(t, err)
	sc, err := ParseScenario("every_key.yaml", example)
	require.NoError(t, err)
	for _, where := range []string{"x: 1", "servers: [{x: 1}]", "faults: [{x: 1}]", "classes: [{x: 1}]"} {
		_, err := ParseScenario("f", []byte(where))
		_, keys, ok := strings.Cut(err.Error(), "(allowed: ")
		require.True(t, ok, err)
		for key := range strings.SplitSeq(strings.TrimSuffix(keys, ")"), ", ") {
			require.Regexp(t, regexp.MustCompile(`\b`+key+`:`), string(example), where)
		}
	}
	sc.Duration /= 6
	for i := range sc.Faults {
		sc.Faults[i].At /= 6
		sc.Faults[i].For /= 6
	}
	for _, policy := range Policies(policy.Options{}) {
		require.Equal(t, run(t, sc, policy, 1), run(t, sc, policy, 1), policy)
	}
}
