package cmd

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/loadgen"
)

func TestLoadText(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, loadText(&b, loadgen.Stats{
		Scheduled: 200, Sent: 68, Completed: 67, Failed: 3, Cancelled: 1, Dropped: 132,
		ByStatus: map[string]uint64{"503": 1, "200": 64}, ByError: map[string]uint64{"timeout": 1, "refused": 1},
		Latency: loadgen.LatencySummary{Count: 64, MeanMS: 21.04},
	}, 7))
	require.Contains(t, b.String(), "status    200: 64, 503: 1\nerrors    refused: 1, timeout: 1\nlatency   mean 21.0 ms")
	require.Contains(t, b.String(), "132 of 200 requests were not sent, as too many were in flight")
	require.Contains(t, b.String(), "not to be trusted")
}

// A run is a failed one when nothing succeeded, unless it was ended before anything could.
func TestLoadFailure(t *testing.T) {
	success := loadgen.LatencySummary{Count: 1}
	for _, test := range []struct {
		s           loadgen.Stats
		interrupted bool
		want        string
	}{
		{loadgen.Stats{}, false, ""},
		{loadgen.Stats{Sent: 2, Completed: 2, Failed: 1, Latency: success}, false, ""},
		{loadgen.Stats{Sent: 2, Cancelled: 2}, true, ""},
		{loadgen.Stats{Sent: 2, Cancelled: 2}, false, "no request succeeded (unanswered at the end: 2)"},
		{loadgen.Stats{Sent: 5, Completed: 5, Failed: 5, ByError: map[string]uint64{"reset": 2, "dns": 1}, ByStatus: map[string]uint64{"500": 2}}, true,
			"no request succeeded (reset: 2, dns: 1; status 500: 2)"},
	} {
		if err := loadFailure(test.s, test.interrupted); test.want == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, test.want)
		}
	}
}
