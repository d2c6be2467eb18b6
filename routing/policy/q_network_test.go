package policy

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn/factored"
)

func TestNetworkInheritsByServer(t *testing.T) {
	old := learnerOf(t, "q_network", "a", "b", "c")
	teach(old, 3)
	next := learnerOf(t, "q_network", "new", "c", "a")
	require.NoError(t, next.Inherit(old, []string{"new", "c", "a"}, []string{"a", "b", "c"}))
	row := next.(Inspectable).Table(1).Rows[0]
	was := old.(Inspectable).Table(1).Rows[0]
	require.Equal(t, []uint64{0, was.Visits[2], was.Visits[0]}, row.Visits)
	require.Zero(t, row.Q[0], "a server that is new is unknown")
	require.Greater(t, row.Q[2], row.Q[1], "a is faster than c")
	teach(next, 3) // it works on
}

// However many servers there are, a decision scores so many of them, allocates nothing, and spreads over all.
func TestNetworkDrawsCandidates(t *testing.T) {
	const servers = 200
	q, v := NewQNetwork(testOptions(servers, 1)), idleServers(servers)
	asked := map[int]bool{}
	for range 4000 {
		server, token := q.Pick(v)
		asked[server] = true
		q.Done(token, answered(v.Now, 20))
		v.Now += time.Millisecond
	}
	require.Len(t, asked, servers)
	scored := 0
	q.Latest(func(int, []float64, float64) { scored++ })
	require.Equal(t, networkCandidates, scored)
	v.Now += time.Nanosecond // not one of those explained
	require.Zero(t, testing.AllocsPerRun(100, func() { q.Pick(v) }))
}

func TestNetworkTellsWhatItRead(t *testing.T) {
	for _, name := range []string{"q_network", "dqn"} {
		l := learnerOf(t, name, "a", "b")
		teach(l, 2)
		all := l.(Explainer).Explained()
		last := all[len(all)-1]
		require.NotEmpty(t, last.Servers[last.Chosen].Features, name)
		require.NotEmpty(t, last.Servers[last.Chosen].Features[0].Name, name)
	}
}

// Fast refusals look like a fast server to who believes them.
func TestNetworkBelievesNoRefusal(t *testing.T) {
	for _, status := range []int{403, 404, 429} {
		q, v := NewQNetwork(testOptions(2, 1)), idleServers(2)
		picks := make([]int, 2)
		for range 1000 {
			server, token := q.Pick(v)
			picks[server]++
			o := answered(v.Now, 50)
			if server == 0 {
				o = answered(v.Now, 1)
				o.Status = status
			}
			q.Done(token, o)
			v.Now += 20 * time.Millisecond
		}
		require.Less(t, picks[0], 50, status)
	}
}

// Answers that stream on keep nobody waiting, unless their server stays busy with them.
func TestNetworkCountsNoStreamsAsLoad(t *testing.T) {
	for streams, want := range map[factored.Streams]int{factored.Free: 2, factored.Busy: 82} {
		o := testOptions(2, 1)
		o.QFactored.Streams = streams
		q, v := NewQNetwork(o), idleServers(2)
		v.Servers[0].InFlight, v.Servers[0].Streaming = 82, 80
		token, _ := q.Observe(v, 0)
		require.Equal(t, want, token.Row, streams)
	}
}
