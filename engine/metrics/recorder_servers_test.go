package metrics

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestServersChange(t *testing.T) {
	r := NewRecorder([]string{"a", "b"})
	r.StartPhase(0, Turn{Policy: "p"})
	r.Attempt(Answer{Server: "a", Latency: time.Millisecond})
	r.Attempt(Answer{Server: "b", Latency: 2 * time.Millisecond, Failed: true})
	r.CloseSecond(time.Second, []Gauge{{InFlight: 1}, {InFlight: 2}})
	before := r.Live()

	r.SetServers([]string{"c", "b"})
	r.Attempt(Answer{Server: "a", Latency: time.Millisecond}) // a late one of a server that has gone
	r.Attempt(Answer{Server: "c", Latency: time.Millisecond})
	live := r.Live()
	require.Equal(t, []ServerTotal{{ID: "c", Requests: 1}, {ID: "b", Requests: 1, Failures: 1}}, live.Totals)
	require.Len(t, live.Seconds[0].Servers, 2)
	require.Equal(t, before.Seconds[0].Servers[1], live.Seconds[0].Servers[1], "its past goes with it")
	require.Equal(t, ServerSecond{Utilisation: -1}, live.Seconds[0].Servers[0])
	require.Equal(t, 1, before.Seconds[0].Servers[0].InFlight, "what was published does not change")
	require.EqualValues(t, 1, live.Servers[1].Failures)
	r.CloseSecond(2*time.Second, nil)
	require.Len(t, r.Live().Seconds, 2)
}
