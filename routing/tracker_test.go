package routing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTrackerZeroValue(t *testing.T) {
	var tr Tracker
	tr.End(Flight{})
	tr.Settle(Flight{})
	require.Zero(t, tr.InFlight())
	require.Zero(t, tr.OldestAge(time.Hour))
}

func TestTrackerEndsOnce(t *testing.T) {
	var tr Tracker
	a := tr.Begin(0)
	tr.End(a)
	b := tr.Begin(time.Second) // takes a's slot
	tr.End(a)
	require.Equal(t, 1, tr.InFlight(), "a stale flight ended its successor")
	require.Equal(t, time.Second, tr.OldestAge(2*time.Second))
	tr.End(b)
	require.Zero(t, tr.InFlight())
}

func TestTrackerForgetsLostRequests(t *testing.T) {
	var tr Tracker
	lost := tr.Begin(0)
	tr.Begin(FlightLifetime)
	require.Equal(t, FlightLifetime, tr.OldestAge(FlightLifetime))
	require.Equal(t, time.Second, tr.OldestAge(FlightLifetime+time.Second))
	require.Equal(t, 1, tr.InFlight())
	tr.End(lost)
	require.Equal(t, 1, tr.InFlight())
}

func TestTrackerSettledStaysInFlight(t *testing.T) {
	var tr Tracker
	stream := tr.Begin(0)
	tr.Settle(stream)
	tr.Settle(stream)
	require.Zero(t, tr.OldestAge(2*FlightLifetime))
	require.Equal(t, 1, tr.InFlight())
	tr.End(stream)
	require.Zero(t, tr.InFlight())
}

func TestTrackerResumedAgesAnew(t *testing.T) {
	var tr Tracker
	slow, quick := tr.Begin(0), tr.Begin(0)
	tr.Settle(slow)
	tr.Resume(quick, time.Hour) // it ages already
	tr.End(quick)
	tr.Resume(slow, 2*FlightLifetime)
	require.Equal(t, time.Second, tr.OldestAge(2*FlightLifetime+time.Second))
	require.Equal(t, 1, tr.InFlight())
	tr.End(slow)
	tr.Resume(slow, 3*FlightLifetime)
	require.Zero(t, tr.OldestAge(4*FlightLifetime))
}

// The list in a slice must agree with the plain thing: a map of begins, searched for the least.
func TestTrackerAgreesWithModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tr Tracker
		model := map[Flight]time.Duration{}
		settled := map[Flight]bool{}
		now := time.Duration(0)
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			now += time.Duration(rapid.IntRange(0, 1000).Draw(t, "dt"))
			known := make([]Flight, 0, len(model))
			for f := range model {
				known = append(known, f)
			}
			if len(known) == 0 || rapid.Bool().Draw(t, "begin") {
				model[tr.Begin(now)] = now
			} else if f := known[rapid.IntRange(0, len(known)-1).Draw(t, "which")]; rapid.Bool().Draw(t, "settle") {
				if tr.Settle(f); settled[f] {
					tr.Resume(f, now)
					model[f] = now
				}
				settled[f] = !settled[f]
			} else {
				tr.End(f)
				delete(model, f)
			}
			oldest := now
			for f, at := range model {
				if !settled[f] {
					oldest = min(oldest, at)
				}
			}
			require.Equal(t, len(model), tr.InFlight())
			require.Equal(t, now-oldest, tr.OldestAge(now))
		}
	})
}

func BenchmarkTracker(b *testing.B) {
	b.ReportAllocs()
	var tr Tracker
	var ring [64]Flight
	for i := 0; b.Loop(); i++ {
		now := time.Duration(i)
		tr.End(ring[i%len(ring)])
		ring[i%len(ring)] = tr.Begin(now)
		tr.OldestAge(now)
	}
}

// An answer that has begun is expected to end by when it would be taken for a stream: until then it is no
// sign of a server that hangs, and hides no request that is one.
func TestTrackerAnswers(t *testing.T) {
	var tr Tracker
	answering := tr.Begin(0)
	tr.Answer(answering, 3*time.Second)
	require.Zero(t, tr.OldestAge(2*time.Second))
	require.Equal(t, time.Second, tr.OldestAge(4*time.Second), "the rest of it hangs")
	waiting := tr.Begin(4 * time.Second)
	require.Equal(t, 2*time.Second, tr.OldestAge(5*time.Second))
	tr.Stream(answering)
	tr.Stream(answering)
	require.Equal(t, time.Second, tr.OldestAge(5*time.Second))
	require.Equal(t, [2]int{2, 1}, [2]int{tr.InFlight(), tr.Streaming()})
	tr.Answer(answering, 9*time.Second) // it streams already
	tr.End(waiting)
	require.Zero(t, tr.OldestAge(time.Hour))
	tr.End(answering)
	tr.End(answering)
	require.Equal(t, [2]int{0, 0}, [2]int{tr.InFlight(), tr.Streaming()})
}
