package simulate

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

// The trace that a run draws and the same trace given are one and the same.
func TestGivenTraceIsTheDrawnOne(t *testing.T) {
	sc, err := Lookup("flaky20")
	require.NoError(t, err)
	sc.Records = true
	trace, err := Trace(sc, 7)
	require.NoError(t, err)
	drawn, err := Run(sc, "least_request", policy.Options{}, 7)
	require.NoError(t, err)
	given, err := RunTrace(sc, "least_request", policy.Options{}, trace, 7)
	require.NoError(t, err)
	require.Equal(t, drawn, given)
	require.Len(t, trace, len(drawn.Records))

	none, err := RunTrace(sc, "least_request", policy.Options{}, nil, 7)
	require.NoError(t, err)
	require.Zero(t, none.All.Requests)
	late, err := RunTrace(sc, "least_request", policy.Options{}, []Request{{Due: time.Second}, {Due: sc.Duration}}, 7)
	require.NoError(t, err)
	require.Equal(t, 1, late.All.Requests)
	sc.Balancers = 2
	_, err = RunTrace(sc, "least_request", policy.Options{}, trace, 7)
	require.ErrorContains(t, err, "one balancer")
}
