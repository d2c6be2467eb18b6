package words

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
)

func TestFaultWords(t *testing.T) {
	for want, f := range map[string]fault.Fault{"slow x5": {Slow: 5}, "stall, errors 20%": {Stall: true, ErrorRate: 0.2}, "": {Slow: 1}} {
		require.Equal(t, want, Fault(f))
	}
}
