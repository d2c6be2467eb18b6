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
	trace[3].Balancer = 2
	_, err = RunTrace(sc, "least_request", policy.Options{}, trace, 7)
	require.ErrorContains(t, err, "scenario flaky20: request 4 goes to balancer 2, and there are 2, from 0 on")
}

// So it is where everything is drawn that a request can bring along.
func TestGivenTraceOfClassesAndBalancers(t *testing.T) {
	sc := lookup(t, "steady60")
	sc.Duration, sc.Records, sc.Balancers, sc.Herd = 10*time.Second, true, 3, 20
	sc.Classes = []Class{{Share: 0.5}, {Share: 0.3, Factor: 3}, {Share: 0.2, Hold: time.Second, Whole: true}}
	trace, err := Trace(sc, 7)
	require.NoError(t, err)
	drawn, err := Run(sc, "least_request", policy.Options{}, 7)
	require.NoError(t, err)
	given, err := RunTrace(sc, "least_request", policy.Options{}, trace, 7)
	require.NoError(t, err)
	require.Equal(t, drawn, given)
}
