package cluster

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
)

func TestOldMessagesAreToldByTheirAge(t *testing.T) {
	begin := time.Now()
	there := begin.Add(-time.Hour) // its clock is an hour behind
	var a ages
	require.Zero(t, a.of(there, begin))
	for i := 1; i <= 5; i++ {
		require.Less(t, a.of(there.Add(time.Duration(i)*time.Second), begin.Add(time.Duration(i)*time.Second+50*time.Millisecond)), stale)
	}
	// This process was frozen for ten seconds, and gets at once what was sent meanwhile.
	woken := begin.Add(15 * time.Second)
	require.Greater(t, a.of(there.Add(7*time.Second), woken), stale)
	require.Greater(t, a.of(there.Add(8*time.Second), woken), stale)
	require.Less(t, a.of(there.Add(15*time.Second), woken), stale)
	// The other clock is set back by a minute: in the end its messages count again.
	dropped := 0
	for i := 16; i < 800; i++ {
		if a.of(there.Add(time.Duration(i-60)*time.Second), begin.Add(time.Duration(i)*time.Second)) > stale {
			dropped = i
		}
	}
	require.Less(t, dropped, 650)
}

func TestPresenceTellsStreamsApart(t *testing.T) {
	p := ourPresence(&live.Snapshot{Servers: []live.Server{{ID: "idle"}, {ID: "busy", InFlight: 3}, {ID: "streams", InFlight: 5, Streaming: 4}}})
	require.Equal(t, map[string]int{"busy": 3, "streams": 5}, p.InFlight)
	require.Equal(t, map[string]int{"streams": 4}, p.Streams)
}

func TestARollOfReplicas(t *testing.T) {
	now := time.Now()
	say := func(r *roll, name, run string, n int) []news {
		return r.hear(presence{Replica: name, Run: run, Stamp: now, Program: "v1", Listen: "l", Rate: 10, Through: 3, InFlight: map[string]int{"s": n, "bad": -4}, Streams: map[string]int{"s": 1, "bad": 9}}, now)
	}
	r := newRoll(5)
	require.Len(t, say(r, "b", "1", 1), 1)
	require.False(t, r.majority(), "two of five")
	say(r, "c", "1", 2)
	require.True(t, r.majority())
	sum, _ := r.inFlight()
	require.Nil(t, sum, "too few tell")
	say(r, "d", "1", 4)
	sum, streams := r.inFlight()
	require.Equal(t, map[string]int{"s": 7, "bad": 0}, sum)
	require.Equal(t, map[string]int{"s": 3, "bad": 0}, streams, "no more than there are")
	for range steadyFor + 2 {
		for _, name := range []string{"b", "c", "d"} {
			say(r, name, "1", 1)
		}
		r.tick()
	}
	require.Equal(t, 4, r.counted)

	for range lostAfter {
		now = now.Add(time.Second)
		say(r, "b", "1", 1)
		say(r, "c", "1", 1)
		r.tick()
	}
	require.Equal(t, 3, r.serving(), "d is lost")
	require.Equal(t, 4, r.counted, "it may come back: what was learned is kept for a while")
	sum, _ = r.inFlight()
	require.Nil(t, sum, "what it told is forgotten")
	list := r.list(presence{Replica: "a", Rate: 20, Through: 5})
	require.Equal(t, []live.ReplicaState{live.ReplicaServing, live.ReplicaServing, live.ReplicaServing, live.ReplicaLost},
		[]live.ReplicaState{list[0].State, list[1].State, list[2].State, list[3].State})
	require.InDelta(t, 0.5, list[0].Share, 1e-9)
	require.Equal(t, uint64(2), list[1].Behind)
	require.Equal(t, "is back", say(r, "d", "1", 1)[0].text)
	require.Equal(t, "has started anew", say(r, "d", "2", 1)[0].text)
	require.Equal(t, "has stopped", r.hear(presence{Replica: "d", Run: "2", Stamp: now, Stopped: true}, now)[0].text)
	require.Equal(t, 3, r.serving())

	stamp := now.Add(-time.Second)
	now = now.Add(9 * time.Second)
	require.Empty(t, r.hear(presence{Replica: "b", Run: "1", Stamp: stamp, InFlight: map[string]int{"s": 99}}, now), "it is from before this replica was frozen")
	require.NotEqual(t, 99, r.others["b"].last.InFlight["s"])
}

func TestABookOfOrders(t *testing.T) {
	b := newBook()
	snap := newBalancer().Snapshot()
	order := func(id string, cmd live.Command) Order {
		o, err := newOrder(cmd, id, "alice", "a")
		require.NoError(t, err)
		return o
	}
	require.True(t, b.learn("policy", order("1", live.SetPolicy{Name: "p2c"}), 4))
	require.False(t, b.learn("policy", order("0", live.SetPolicy{Name: "random"}), 3), "it came late")
	b.learn("reset.q_factored", order("2", live.ResetLearner{Name: "q_factored"}), 5)
	b.settle()
	b.learn("learner", order("3", live.SetLearner{Name: "q_network"}), 6)
	due := b.due(snap)
	require.Len(t, due, 2, "what was reset before this replica began is not reset again")
	require.Equal(t, []string{"3", "1"}, []string{due[0].ID, due[1].ID}, "the learner first: choosing one may make it route")
	snap.Policy, snap.RL = "p2c", "q_network"
	b.done["policy"], b.done["learner"] = "1", "3"
	require.Empty(t, b.due(snap))
	b.learn("reset.q_factored", order("4", live.ResetLearner{Name: "q_factored"}), 7)
	require.Len(t, b.due(snap), 1)
	b.done["reset.q_factored"] = "4"

	b.give("policy", entry{order: order("5", live.SetPolicy{Name: "random"}), undo: live.SetPolicy{Name: "p2c"}})
	snap.Policy = "random"
	require.Empty(t, b.due(snap), "what waits to be written holds here")
	require.Len(t, b.unwritten(), 1)
	b.cutOff()
	require.Empty(t, b.unwritten(), "it is not written any more")
	lost := b.lose()
	require.Len(t, lost, 1)
	require.Equal(t, "1", b.due(snap)[0].ID, "what is written holds again")

	b.give("drain.s", entry{order: order("6", live.DrainServer{Server: "s", Drain: true}), cut: true})
	b.learn("drain.s", order("6", live.DrainServer{Server: "s", Drain: true}), 8)
	require.Empty(t, b.lose(), "it was written after all")
}

func TestOrdersAreReadAsTheyWereWritten(t *testing.T) {
	for _, cmd := range []live.Command{
		live.SetPolicy{Name: "p2c"}, live.SetLearner{Name: "l"}, live.SetShadow{Learners: "none"}, live.ResetLearner{Name: "l"},
		live.SetParam{Learner: "l", Param: "epsilon", Value: 0.1}, live.DrainServer{Server: "[::1]:80", Drain: false},
	} {
		require.Regexp(t, `^[-/_=\.a-zA-Z0-9]+$`, keyOf(cmd))
		o, err := newOrder(cmd, "1", "alice", "a")
		require.NoError(t, err)
		back, err := readOrder([]byte(`{"id":"1","do":"` + o.Do + `","keys":` + string(o.Keys) + `}`))
		require.NoError(t, err)
		require.Equal(t, cmd, back.cmd)
	}
	require.Empty(t, keyOf(live.Export{}))
	require.NotEqual(t, keyOf(live.DrainServer{Server: "a.b"}), keyOf(live.DrainServer{Server: "a:b"}))
	_, err := readOrder([]byte(`{"do":"fly"}`))
	require.ErrorContains(t, err, `this release knows no order "fly"`)
	for _, bad := range []string{"", "null", "{}", `{"do":"drain","keys":[]}`, `{"do":"policy","keys":{}}`, `{"do":1}`} {
		_, err := readOrder([]byte(bad))
		require.Error(t, err, bad)
	}
}

func FuzzOrders(f *testing.F) {
	f.Add([]byte(`{"id":"1","do":"drain","keys":{"server":"s"},"by":"a","replica":"b","at":"2026-01-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o, err := readOrder(data); err == nil {
			require.NotNil(t, o.cmd)
			_ = o.String()
		}
	})
}
