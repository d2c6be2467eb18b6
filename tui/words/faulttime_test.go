package words

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

func TestFaultTime(t *testing.T) {
	s := func(n int) time.Duration { return time.Duration(n) * time.Second }
	begins := func(at int, server string, f fault.Fault, lasts int) live.Event {
		return live.Event{Kind: "fault", At: s(at), Server: server, Fault: &fault.Span{Fault: f, For: s(lasts)}}
	}
	slow, stalled, cleared := fault.Fault{Slow: 5}, fault.Fault{Stall: true}, fault.Fault{}
	for _, test := range []struct {
		name   string
		events []live.Event
		want   int // seconds of faults between 10 s and 50 s of a run 60 s old
	}{
		{"none", nil, 0},
		{"ends by itself", []live.Event{begins(20, "a", slow, 15)}, 15},
		{"began before", []live.Event{begins(5, "a", slow, 15)}, 10},
		{"until cleared", []live.Event{begins(20, "a", stalled, 0), begins(30, "a", cleared, 0)}, 10},
		{"all cleared", []live.Event{begins(20, "a", stalled, 0), begins(25, "b", fault.Fault{Crash: true}, 0), begins(30, "", cleared, 0)}, 10},
		{"never cleared", []live.Event{begins(45, "a", stalled, 0)}, 5},
		{"two at once count once", []live.Event{begins(20, "a", slow, 10), begins(25, "b", slow, 10)}, 15},
		{"prolonged", []live.Event{begins(20, "a", slow, 10), begins(25, "a", fault.Fault{Slow: 8}, 10)}, 15},
		{"cut short by one of its kind", []live.Event{begins(20, "a", slow, 30), begins(25, "a", fault.Fault{Slow: 8}, 5)}, 10},
		{"a slowdown that is ended", []live.Event{begins(20, "a", slow, 30), begins(25, "a", fault.Fault{Slow: 1}, 0)}, 5},
		{"kinds add up", []live.Event{begins(12, "a", slow, 30), begins(20, "a", fault.Fault{ErrorRate: 0.2}, 5)}, 30},
		{"one of two kinds goes on", []live.Event{begins(12, "a", fault.Fault{Slow: 5, ErrorRate: 0.1}, 30), begins(20, "a", fault.Fault{ErrorRate: 0.2}, 5)}, 30},
		{"other events", []live.Event{{Kind: "health", At: s(20), Server: "a", Text: "a: ok -> SLOW for 9s"}}, 0},
	} {
		spans := FaultSpans(test.events, s(60))
		require.Equal(t, s(test.want), FaultTime(spans, &metrics.Phase{Start: s(10), End: s(50)}), test.name)
	}
}
