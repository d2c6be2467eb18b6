package cluster

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
)

func TestOrdersHoldEverywhereAndStay(t *testing.T) {
	f := newReplicas(t, 3)
	f.startAll()
	f.obeyed(0, live.SetPolicy{Name: "p2c"})
	f.obeyed(1, live.DrainServer{Server: "10.0.0.2:80", Drain: true})
	f.obeyed(2, live.SetParam{Learner: "q_factored", Param: "epsilon", Value: 0.25})
	require.Error(t, f.order(1, live.SetPolicy{Name: "nonsense"}))
	all := func(i int) bool {
		s := f.engines[i].Snapshot()
		return s.Policy == "p2c" && s.Servers[1].State == live.ServerDraining && s.Learners[0].Params[0].Value == 0.25
	}
	for i := range 3 {
		f.until("all orders hold at all replicas", func() bool { return all(i) })
	}
	require.Contains(t, f.engines[1].heard(), "ordered for all: policy name=p2c (alice at r0")

	// One comes back knowing nothing: what was ordered holds before clients are let in.
	f.stop(2)
	f.until("it said goodbye", func() bool { return f.fleet(0).Replicas[2].State == live.ReplicaStopped })
	f.until("it is written", func() bool { return f.order(0, live.SetPolicy{Name: "random"}) == nil })
	f.start(2)
	f.ready(2)
	if !f.clusters[2].late {
		require.Equal(t, "random", f.policy(2))
	}
	f.until("it is as the others", func() bool {
		return f.policy(2) == "random" && f.engines[2].Snapshot().Servers[1].State == live.ServerDraining
	})

	// One comes back without its store.
	f.stop(1)
	require.NoError(t, os.RemoveAll(f.configs[1].Store))
	f.start(1)
	f.until("the others have what it lost", func() bool { return f.policy(1) == "random" && f.fleet(1).Connected })
	f.until("all know the same", func() bool {
		return f.fleet(0).Revision == f.fleet(1).Revision && f.fleet(1).Revision == f.fleet(2).Revision
	})

	// What changes at one replica by other ways is mended.
	f.engines[0].mu.Lock()
	f.engines[0].snap.Policy = "round_robin"
	f.engines[0].mu.Unlock()
	f.until("the order holds again", func() bool { return f.policy(0) == "random" })

	// All restart: it outlives that, too.
	for i := range 3 {
		f.stop(i)
	}
	f.startAll()
	for i := range 3 {
		f.until("it outlives a restart of all", func() bool { return f.policy(i) == "random" })
	}
}

func TestTheLeaderGoesAway(t *testing.T) {
	f := newReplicas(t, 3)
	f.startAll()
	f.obeyed(0, live.SetPolicy{Name: "p2c"})
	for i := range 3 {
		f.until("p2c routes", func() bool { return f.policy(i) == "p2c" })
	}
	leader := f.leader()
	a, b := (leader+1)%3, (leader+2)%3
	f.isolate(leader, true)

	var accepted live.Accepted
	if err := f.order(a, live.SetPolicy{Name: "random"}); err != nil { // the others may have been quick
		require.ErrorAs(t, err, &accepted)
		require.Contains(t, accepted.Why, "as soon as they have a leader")
	}
	require.Equal(t, "random", f.policy(a), "it holds where it was given at once")
	f.until("the majority has it, with a new leader", func() bool { return f.policy(b) == "random" })
	require.NotContains(t, f.engines[a].heard(), "lost: policy")

	f.until("the old leader sees that it is alone", func() bool { return !f.fleet(leader).Connected && f.fleet(leader).Why != "" })
	require.ErrorAs(t, f.order(leader, live.DrainServer{Server: "server1", Drain: true}), &accepted)
	require.Contains(t, accepted.Why, "lost when they are back")
	require.ErrorAs(t, f.order(leader, live.SetPolicy{Name: "least_request"}), &accepted)
	require.Equal(t, "least_request", f.policy(leader))

	f.isolate(leader, false)
	f.until("the orders of the majority hold there", func() bool {
		s := f.engines[leader].Snapshot()
		return s.Policy == "random" && s.Servers[0].State == live.ServerOK
	})
	f.until("it says what is lost", func() bool {
		heard := f.engines[leader].heard()
		return containsAll(heard, "lost: drain server=server1 drain=true (alice at", "lost: policy name=least_request (alice at")
	})
	require.Equal(t, "random", f.policy(a))
	require.Equal(t, live.ServerOK, f.engines[b].Snapshot().Servers[0].State)
	require.NoError(t, func() (err error) {
		f.until("orders are written again", func() bool { err = f.order(leader, live.SetPolicy{Name: "p2c"}); return err == nil })
		return err
	}())
	for i := range 3 {
		f.until("by all", func() bool { return f.policy(i) == "p2c" })
	}
}

func TestOneOfTwoIsLeft(t *testing.T) {
	f := newReplicas(t, 2)
	f.startAll()
	f.obeyed(0, live.SetPolicy{Name: "p2c"})
	f.until("both have it", func() bool { return f.policy(1) == "p2c" })
	f.stop(1)
	f.until("it sees that it is alone", func() bool { return !f.fleet(0).Connected })
	var accepted live.Accepted
	require.ErrorAs(t, f.order(0, live.SetPolicy{Name: "random"}), &accepted)
	require.Equal(t, "random", f.policy(0), "it holds here")
	require.Contains(t, f.engines[0].heard(), "sees no majority of its fleet")
}

func TestOneReplicaAlone(t *testing.T) {
	f := newReplicas(t, 1)
	f.startAll()
	f.obeyed(0, live.ToggleRL{})
	require.Equal(t, "q_factored", f.policy(0))
	f.stop(0)
	f.start(0)
	f.until("its store has it", func() bool { return f.policy(0) == "q_factored" })
}

func TestTheFleetIsNotThereAtTheStart(t *testing.T) {
	f := newReplicas(t, 3)
	f.start(0)
	f.ready(0)
	require.Contains(t, f.engines[0].heard(), "the fleet was not found in 5 s: this replica serves what its own configuration says until it is")
	require.Equal(t, "round_robin", f.policy(0))
	f.start(1)
	f.start(2)
	f.until("they find each other later", func() bool { return f.fleet(0).Connected && f.fleet(2).Connected })
	f.until("and obey", func() bool { return f.order(1, live.SetPolicy{Name: "p2c"}) == nil })
	f.until("all of them", func() bool { return f.policy(0) == "p2c" && f.policy(2) == "p2c" })
}

func TestANewReplicaBeginsWithWhatAnotherLearned(t *testing.T) {
	f := newReplicas(t, 1)
	f.startAll()
	f.engines[0].mu.Lock()
	f.engines[0].table = `{"learned":"much"}`
	f.engines[0].mu.Unlock()
	f.clusters[0].mu.Lock()
	f.clusters[0].roll.counted = 3
	f.clusters[0].mu.Unlock()
	f.until("it is written", func() bool {
		f.clusters[0].keepTable(t.Context())
		return f.clusters[0].kept != nil
	})
	f.stop(0)
	f.start(0)
	f.until("the table is there", func() bool {
		f.engines[0].mu.Lock()
		defer f.engines[0].mu.Unlock()
		return f.engines[0].table == `{"learned":"much"}` && f.engines[0].told.Balancers == 3
	})
	require.Contains(t, f.engines[0].heard(), "q_factored begins with what replica r0 learned among 3 balancers")
}
