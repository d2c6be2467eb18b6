package routing

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseRetryOn(t *testing.T) {
	for list, want := range map[string]RetryOn{
		"":                            {},
		" , ":                         {},
		"connect":                     {Connect: true},
		"reset,connect":               {Connect: true, Reset: true},
		"connect, reset, timeout,5xx": {true, true, true, true},
	} {
		on, err := ParseRetryOn(list)
		require.NoError(t, err, list)
		require.Equal(t, want, on, list)
	}
	for _, list := range []string{"always", "connect reset", "5XX"} {
		_, err := ParseRetryOn(list)
		require.ErrorContains(t, err, "there are connect, reset, timeout and 5xx", list)
	}
}
