package simulate

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/routing/policy"
)

// apart is a balancer in zone a and two servers, one there and one in zone b, that take 10 ms for each request.
func apart() Scenario {
	return Scenario{Name: "apart", Duration: 10 * sec, Rate: 20, Servers: []Server{
		{ID: "near", BaseDelayMS: 10, Zone: "a"}, {ID: "far", BaseDelayMS: 10, Zone: "b"},
	}, ZoneRTT: map[ZonePair]time.Duration{PairOf("a", "b"): 40 * msec}}
}

func TestRoundTripBetweenZones(t *testing.T) {
	sc := apart()
	sc.Records = true
	for _, r := range run(t, sc, "round_robin", 1).Records {
		require.Equal(t, 10*msec+time.Duration(r.Server)*40*msec, r.Latency)
	}
	sc.ZoneRTT[PairOf("a", "a")] = 2 * msec
	for _, r := range run(t, sc, "round_robin", 1).Records {
		require.Equal(t, 12*msec+time.Duration(r.Server)*38*msec, r.Latency)
	}
	sc.Zones = []string{"b"}
	for _, r := range run(t, sc, "round_robin", 1).Records {
		require.Equal(t, 50*msec-time.Duration(r.Server)*40*msec, r.Latency)
	}
}

// Half of the round trip goes by on the way there: whoever refuses does so after it, and an error comes back as late as
// an answer.
func TestTheWayThereAndBack(t *testing.T) {
	sc := apart()
	sc.Servers, sc.Zones, sc.Records = sc.Servers[1:], []string{"a"}, true
	for name, tt := range map[string]struct {
		fault fault.Fault
		want  time.Duration
	}{
		"error": {fault.Fault{ErrorRate: 1}, 41 * msec},
		"delay": {fault.Fault{Delay: 5 * msec}, 55 * msec},
	} {
		sc.Faults = []Fault{{Server: "far", Fault: tt.fault}}
		for _, r := range run(t, sc, "round_robin", 1).Records {
			require.Equal(t, tt.want, r.Latency, name)
		}
	}
	sc.Faults = []Fault{{Server: "far", At: 5 * sec, Fault: fault.Fault{Crash: true}}}
	refused := 0
	for _, r := range run(t, sc, "round_robin", 1).Records {
		if r.Due > 5*sec && r.Server == 0 && r.Latency == 41*msec {
			refused++
		}
	}
	require.Positive(t, refused)
}

// What the references that know the truth know of the way, and of a cut, is that of the balancer that asks.
func TestTruthOfZones(t *testing.T) {
	sc := apart()
	sc.Balancers = 2
	sc.Faults = []Fault{{At: 2 * sec, For: 2 * sec, Cut: PairOf("a", "b")}}
	for _, name := range []string{GreedyClairvoyant, SocialClairvoyant} {
		sc.Records = true
		for _, r := range run(t, sc, name, 1).Records {
			require.Equal(t, 10*msec, r.Latency, "each zone serves itself")
			require.False(t, r.Failed)
		}
	}
}

// While two zones are cut off from each other, what is on its way between them is lost, and health tells each side
// another story; in the other zones nothing changes.
func TestCutBetweenZones(t *testing.T) {
	sc := apart()
	sc.Balancers, sc.Rate, sc.Duration, sc.Records = 2, 200, 30*sec, true
	sc.ClientTimeout = 3 * sec
	sc.Faults = []Fault{{At: 10 * sec, For: 10 * sec, Cut: PairOf("b", "a")}}
	trace, err := Trace(sc, 1)
	require.NoError(t, err)
	lost := 0
	for i, r := range run(t, sc, "round_robin", 1).Records {
		crosses := trace[i].Balancer != int(r.Server)
		switch {
		case r.Due < 9950*msec || r.Due > 22*sec:
			require.False(t, r.Failed)
		case crosses && r.Due > 10*sec && r.Due < 11*sec:
			require.True(t, r.Failed)
			require.Equal(t, 3*sec, r.Latency, "nobody says that it is lost")
			lost++
		case r.Due > 12*sec && r.Due < 20*sec:
			require.False(t, crosses, "health has noticed, on each side")
			require.False(t, r.Failed)
		}
	}
	require.InDelta(t, 100, lost, 30)
}

// Answers that have begun outlive a cut, and what was lost does not come back with its end.
func TestStreamsOutliveACut(t *testing.T) {
	sc := apart()
	sc.Zones, sc.Servers = []string{"a"}, sc.Servers[1:]
	sc.Classes = []Class{{Share: 1, Factor: 1, Hold: 2 * sec, Whole: true}}
	sc.Faults = []Fault{{At: 5 * sec, For: 100 * msec, Cut: PairOf("a", "b")}}
	r := run(t, sc, "round_robin", 1)
	require.InDelta(t, 0.01, r.All.ErrorRate, 0.03)
	require.Positive(t, r.All.ErrorRate)
}

// Balancers tell those of their own zone what they have in flight, and nobody else.
func TestSharingWithinAZone(t *testing.T) {
	sc := apart()
	sc.Balancers, sc.ShareEvery, sc.Rate = 3, 100*msec, 100
	sc.Zones = []string{"a", "b", "b"}
	var notes []*foreignNotes
	var told []int
	_, err := RunPolicy(sc, "notes", 1, defaults(), func(_ string, o policy.Options) (policy.Policy, error) {
		n := &foreignNotes{}
		notes, told = append(notes, n), append(told, o.QFactored.Balancers)
		return n, nil
	})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 2}, told)
	sum := func(x []float64) (s float64) {
		for _, v := range x {
			s += v
		}
		return s
	}
	require.Zero(t, sum(notes[0].seen))
	require.Positive(t, sum(notes[1].seen))
	require.Positive(t, sum(notes[2].seen))
}

// Policies are told who is where.
func TestPoliciesKnowTheZones(t *testing.T) {
	sc := apart()
	sc.Balancers = 3
	var own []string
	_, err := RunPolicy(sc, "notes", 1, defaults(), func(_ string, o policy.Options) (policy.Policy, error) {
		own = append(own, o.Zone)
		require.Equal(t, "b", o.Servers[1].Zone)
		return policy.New("round_robin", o)
	})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "a"}, own)
}

// Across zones whoever learns the round trip keeps requests at home, and least_request does not.
func TestZonesAreLearned(t *testing.T) {
	for _, name := range []string{"zones3", "zonelost", "zonecut"} {
		sc := lookup(t, name)
		least := run(t, sc, "least_request", 1)
		for _, p := range []string{"zone_aware", "q_factored"} {
			r := run(t, sc, p, 1)
			require.Less(t, r.All.MeanMS, 0.9*least.All.MeanMS, "%s, %s", name, p)
			require.LessOrEqual(t, r.All.ErrorRate, least.All.ErrorRate+0.001, "%s, %s", name, p)
		}
	}
}

func TestZoneScenariosAreSymmetric(t *testing.T) {
	sc := lookup(t, "zones9")
	require.Len(t, sc.ZoneRTT, 9*8/2)
	require.Len(t, sc.BalancerZones(), 9)
	require.Equal(t, 160*msec, sc.ZoneRTT[PairOf("eu2", "ap3")])
	require.Equal(t, 60*msec, sc.ZoneRTT[PairOf("us2", "eu3")])
}
