package tui

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

func ofThree() *live.Snapshot {
	s := attachedTo(nil)
	s.Fleet = &live.Fleet{Name: "web", Self: "r0", Connected: true, Expected: 3, Replicas: []live.Replica{
		{Name: "r0", State: live.ReplicaServing, Policy: "q_factored", Rate: 80, P95MS: 120, Share: 0.8, Program: "v1.2.3"},
		{Name: "r1", State: live.ReplicaAlone, Policy: "p2c", Rate: 20, P95MS: 140, Share: 0.2, Behind: 3, Program: "v1.2.2"},
		{Name: "r2", State: live.ReplicaLost, LastSeen: 12 * time.Second},
	}}
	return s
}

func TestTheFleet(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}, {200, 60}} {
		m := console(ofThree(), size[0], size[1], Options{})
		m.Update(press("7"))
		text := plain(m)
		require.Contains(t, text, "7 Fleet", "%v", size)
		require.Contains(t, text, "r1", "%v", size)
		require.Contains(t, text, "ALONE", "%v", size)
		require.Contains(t, text, "LOST 12s", "%v", size)
		if size[0] >= 120 {
			for _, part := range []string{"orders hold for all", "v1.2.2", "-3", "80%"} {
				require.Contains(t, text, part, "%v", size)
			}
			m.Update(press("1"))
			require.Contains(t, plain(m), "7 Fleet", "there is room for it")
		}
	}
	m := console(canned.Snapshot(3), 120, 40, Options{})
	m.Update(press("7"))
	require.Contains(t, plain(m), "this balancer has no replicas")
	require.NotContains(t, plain(m), "7 Fleet")
}

func TestEnterGoesIntoAReplica(t *testing.T) {
	var got []live.Command
	m := console(ofThree(), 120, 40, Options{})
	enter := func(keys ...string) {
		for _, k := range append([]string{"7"}, keys...) {
			m.Update(press(k))
		}
		s := m.sightOf(paneFleet)
		got = append(got, m.panes[paneFleet].Press(&s, press("enter")).Command)
	}
	enter("j")
	enter("j")
	enter("k", "k")
	require.Equal(t, []live.Command{live.Watch{Balancer: "r1"}, nil, nil}, got, "r2 does not answer, and this is r0")
}
