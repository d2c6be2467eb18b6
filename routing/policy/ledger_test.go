package policy

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLedgerSettlesOnce(t *testing.T) {
	var l tokenLedger
	a, b := l.issue(), l.issue()
	require.NotEqual(t, a, b)
	require.True(t, l.settle(b))
	require.False(t, l.settle(b))
	require.True(t, l.settle(a))
	require.False(t, l.settle(a))
}

func TestLedgerRefusesWhatItNeverIssued(t *testing.T) {
	var l tokenLedger
	require.False(t, l.settle(0))
	require.False(t, l.settle(1))
	l.issue()
	for _, serial := range []uint64{0, 2, ledgerSpan + 1, 1 << 63} {
		require.False(t, l.settle(serial), serial)
	}
}

func TestLedgerExpires(t *testing.T) {
	var l tokenLedger
	first := l.issue()
	for range ledgerSpan - 1 {
		l.issue()
	}
	require.False(t, l.settle(0))
	require.True(t, l.settle(first), "just in time")

	second := first + 1
	l.issue()
	require.True(t, l.settle(second))
	third := second + 1
	l.issue()
	l.issue()
	require.False(t, l.settle(third), "its place was taken")
	require.True(t, l.settle(third+ledgerSpan), "and belongs to another")
}

func TestLedgerForgets(t *testing.T) {
	var l tokenLedger
	old := l.issue()
	l.forget()
	require.False(t, l.settle(old))
	require.True(t, l.settle(l.issue()))
}
