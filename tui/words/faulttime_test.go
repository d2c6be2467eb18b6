package words

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

func TestFaultTime(t *testing.T) {
	s := func(n int) time.Duration { return time.Duration(n) * time.Second }
	fault := func(at int, server, text string) live.Event {
		return live.Event{Kind: "fault", At: s(at), Server: server, Text: text}
	}
	for _, test := range []struct {
		name   string
		events []live.Event
		want   int // seconds of faults between 10 s and 50 s of a run 60 s old
	}{
		{"none", nil, 0},
		{"ends by itself", []live.Event{fault(20, "a", "a: slow x5 for 15s")}, 15},
		{"began before", []live.Event{fault(5, "a", "a: slow x5 for 15s")}, 10},
		{"until cleared", []live.Event{fault(20, "a", "a: stalled"), fault(30, "a", "a: faults cleared")}, 10},
		{"all cleared", []live.Event{fault(20, "a", "a: stalled"), fault(25, "b", "b: crashed"), fault(30, "", "all faults cleared")}, 10},
		{"never cleared", []live.Event{fault(45, "a", "a: stalled")}, 5},
		{"two at once count once", []live.Event{fault(20, "a", "a: slow x5 for 10s"), fault(25, "b", "b: slow x5 for 10s")}, 15},
		{"prolonged", []live.Event{fault(20, "a", "a: slow x5 for 10s"), fault(25, "a", "a: slow x8 for 10s")}, 15},
		{"other events", []live.Event{{Kind: "health", At: s(20), Server: "a", Text: "a: ok -> SLOW for 9s"}}, 0},
	} {
		spans := FaultSpans(test.events, s(60))
		require.Equal(t, s(test.want), FaultTime(spans, &metrics.Phase{Start: s(10), End: s(50)}), test.name)
	}
}
