package policy

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// zoned makes zone_aware of a balancer in zone a, with servers in these zones, of which all are idle.
func zoned(zones ...string) (Policy, View) {
	o := testOptions(len(zones), 1)
	o.Zone = "a"
	for i, z := range zones {
		o.Servers[i].Zone = z
	}
	return newZoneAware(o), idleServers(len(zones))
}

// answer tells p of so many answers of a server, each after ms.
func answer(p Policy, server, times int, ms float64) {
	for range times {
		p.Done(Token{Server: server}, answered(0, ms))
	}
}

func picks(p Policy, v View) map[int]int {
	at := map[int]int{}
	for range 100 {
		server, _ := p.Pick(v)
		at[server]++
	}
	return at
}

func TestZoneAwareStaysAtHome(t *testing.T) {
	p, v := zoned("b", "a", "a", "c")
	v.Servers[1].InFlight, v.Servers[2].InFlight = 7, 7
	at := picks(p, v)
	require.Equal(t, 100, at[1]+at[2], "busier than the others, but nothing waits")
	require.Greater(t, min(at[1], at[2]), 25, "ties at random")
	v.Servers[1].InFlight = 6
	require.Equal(t, map[int]int{1: 100}, picks(p, v), "least request within")
}

// Where requests wait, more go to the nearest zone that has room, as long as they wait.
func TestZoneAwareSpillsOver(t *testing.T) {
	p, v := zoned("a", "a", "far", "near", "near")
	for server, ms := range []float64{50, 50, 150, 70, 71} {
		answer(p, server, 30, ms)
	}
	v.Servers[0].InFlight, v.Servers[1].InFlight = 4, 4
	require.Equal(t, 2, len(picks(p, v)), "at home")
	answer(p, 0, 100, 100) // twice what it takes when nothing waits: half of four
	answer(p, 1, 100, 100)
	at := picks(p, v)
	require.Equal(t, 100, at[3]+at[4])
	v.Servers[0].InFlight, v.Servers[1].InFlight = 2, 1
	require.Equal(t, map[int]int{1: 100}, picks(p, v), "they have been served")

	v.Servers[0].InFlight, v.Servers[1].InFlight = 4, 5
	v.Servers[3].InFlight, v.Servers[4].InFlight = 4, 4
	answer(p, 3, 100, 150)
	answer(p, 4, 100, 150)
	require.Equal(t, map[int]int{2: 100}, picks(p, v), "the near zone is full, too")
	v.Servers[2].InFlight = 4
	answer(p, 2, 100, 300)
	require.Equal(t, map[int]int{0: 100}, picks(p, v), "all are full: no use going anywhere")
}

// A zone without servers that may be picked is as full as can be.
func TestZoneAwareLeavesAZoneThatIsDown(t *testing.T) {
	p, v := zoned("a", "far", "near")
	for server, ms := range []float64{50, 150, 70} {
		answer(p, server, 30, ms)
	}
	v.Servers[0].Available = false
	require.Equal(t, map[int]int{2: 100}, picks(p, v))
	v.Servers[2].Available = false
	require.Equal(t, map[int]int{1: 100}, picks(p, v))
	v.Servers[1].Available = false
	require.Equal(t, map[int]int{NoServer: 100}, picks(p, v))
}

// A server that has become slower for good is not full for ever.
func TestZoneAwareForgetsHowFastAServerWas(t *testing.T) {
	p, v := zoned("a", "b")
	answer(p, 0, 30, 50)
	answer(p, 1, 30, 60)
	v.Servers[0].InFlight = 8
	now := time.Duration(0)
	slow := func(how time.Duration) {
		for until := now + how; now < until; now += time.Second {
			p.Done(Token{Server: 0}, answered(now, 100))
		}
	}
	slow(30 * time.Second)
	require.Equal(t, map[int]int{1: 100}, picks(p, v))
	slow(2 * time.Minute)
	require.Equal(t, map[int]int{0: 100}, picks(p, v))
}

// Without zones it is least_request, to the pick.
func TestZoneAwareWithoutZones(t *testing.T) {
	o := testOptions(3, 7)
	a, b := newZoneAware(o), newLeastRequest(o)
	v := idleServers(3)
	for i := range 200 {
		v.Servers[i%3].InFlight = i % 4
		x, token := a.Pick(v)
		y, _ := b.Pick(v)
		require.Equal(t, y, x)
		a.Done(token, answered(v.Now, float64(10*(i%7))))
	}
}

// That nobody is at home is said once, with the first decision.
func TestZoneAwareComplainsOfNoZone(t *testing.T) {
	o := testOptions(2, 1)
	o.Zone, o.Servers[0].Zone = "nowhere", "a"
	var said []string
	o.Warn = func(policy, text string) { said = append(said, policy+": "+text) }
	p := newZoneAware(o)
	require.Empty(t, said)
	require.Len(t, picks(p, idleServers(2)), 1)
	require.Len(t, said, 1)
	require.Contains(t, said[0], `zone_aware: no server is in the balancer's own zone, "nowhere", so it goes to the nearest`)
}
