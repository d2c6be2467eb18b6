package simulate

import (
	"math"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/qlearn/factored"
)

// Normal quantiles give Pareto quantiles, and the mean is 1.
func TestPareto(t *testing.T) {
	require.InEpsilon(t, 0.5/1.5*math.Pow(0.5, -1/1.5), pareto(1.5, 0), 1e-12, "the median")
	require.InEpsilon(t, 2./3*math.Pow(0.158655253931457, -1./3), pareto(3, 1), 1e-9)
	const steps = 100_000
	sum := 0.0
	for i := range steps {
		sum += pareto(3, math.Sqrt2*math.Erfinv(2*(float64(i)+0.5)/steps-1)) / steps
	}
	require.InDelta(t, 1, sum, 0.01)
	require.False(t, math.IsInf(pareto(minPareto, 10), 0))
}

// A limit lets one second's worth through at once, then its rate; what is above is refused after 1 ms.
func TestLimit(t *testing.T) {
	sc := lone()
	sc.Rate, sc.Servers[0].Workers, sc.Servers[0].Limit = 100, 0, 20
	n, records := watched(t, sc)
	refused := 0
	for i, r := range records {
		if r.Failed {
			refused++
			require.Equal(t, msec, r.Latency)
			require.GreaterOrEqual(t, i, 20)
		}
	}
	require.InDelta(t, 1000-20-20*10, refused, 2)
	limited := slices.IndexFunc(n.heard, func(o policyOutcome) bool { return o.Status != http.StatusOK })
	require.Equal(t, http.StatusTooManyRequests, n.heard[limited].Status)
	require.False(t, n.heard[limited].Failed(), "as the policies see it today: the client's own fault")

	sc.Servers[0].Limit, sc.Servers[0].LimitStatus = 0.5, http.StatusNotFound
	r := run(t, sc, "round_robin", 1)
	require.InDelta(t, 1-(1+5)/999., r.All.ErrorRate, 2e-3, "a bucket holds one token at least")
	require.InDelta(t, 50, r.All.MeanMS, 1e-9, "refusals enter no latency")
}

// With processor sharing n requests are served at the rate w/n each.
func TestSharing(t *testing.T) {
	sc := lone()
	sc.Servers[0].Discipline = Sharing
	for _, r := range run(t, sc, "round_robin", 1).Records {
		require.Equal(t, 50*msec, r.Latency, "alone, it has a worker to itself")
	}

	trace := []Request{{Due: sec}, {Due: sec}, {Due: sec + 50*msec}}
	sc.Records = true
	r, err := RunTrace(sc, "round_robin", defaults(), trace, 1)
	require.NoError(t, err)
	// Two share until 1.05 s and have 25 ms left each; three share the next 75 ms; the last has 25 ms to itself.
	for i, want := range []time.Duration{125 * msec, 125 * msec, 100 * msec} {
		require.InDelta(t, want, r.Records[i].Latency, 10, "request %d", i)
	}
	sc.Servers[0].Workers = 3
	r, err = RunTrace(sc, "round_robin", defaults(), trace, 1)
	require.NoError(t, err)
	for i := range r.Records {
		require.Equal(t, 50*msec, r.Records[i].Latency)
	}
	sc.Faults = []Fault{{Server: "a", At: sec + 20*msec, For: sec, Fault: fault.Fault{Stall: true}}}
	r, err = RunTrace(sc, "round_robin", defaults(), trace[:2], 1)
	require.NoError(t, err)
	require.InDelta(t, 1050*msec, r.Records[0].Latency, 10, "30 ms were left when it stopped")
}

// M/G/1 with processor sharing: the mean is E[S]/(1-ρ), whatever the distribution of the work.
func TestSharingTheory(t *testing.T) {
	for _, sigma := range []float64{0, 1} {
		sc := Scenario{Name: "ps", Duration: 2000 * sec, Load: 0.6, Servers: []Server{{ID: "a", BaseDelayMS: 10, Workers: 1, Sigma: sigma, Discipline: Sharing}}}
		r, err := Run(sc, "round_robin", defaults(), 1)
		require.NoError(t, err)
		require.InEpsilon(t, 10/(1-0.6), r.All.MeanMS, 0.04, "sigma %v", sigma)
	}
}

// A server out of rotation gets nothing new and fails nothing, from the very instant on.
func TestOutOfRotation(t *testing.T) {
	r := run(t, pair(Fault{Server: "a", At: 2010 * msec, For: 4 * sec, Out: true}), "round_robin", 1)
	require.Zero(t, r.All.ErrorRate)
	for _, rec := range r.Records {
		require.Equal(t, 50*msec, rec.Latency)
		if rec.Due > 2010*msec && rec.Due < 6*sec {
			require.EqualValues(t, 1, rec.Server, "%v", rec.Due)
		}
	}
	require.Equal(t, 0.5, r.Seconds[7].Share[0], "back at once")
	down := run(t, lone(Fault{Server: "a", Out: true}), "round_robin", 1)
	require.Equal(t, 1.0, down.All.ErrorRate)
}

func TestPatience(t *testing.T) {
	sc := lone(Fault{Server: "a", At: 5 * sec, Fault: fault.Fault{Stall: true}})
	sc.ClientTimeout = 700 * msec
	for _, rec := range run(t, sc, "round_robin", 1).Records {
		if rec.Failed {
			require.Equal(t, 700*msec, rec.Latency)
		}
	}
}

// With ejection a server that comes back is warmed up, whichever way it was away.
func TestEjectionWarmsUp(t *testing.T) {
	for name, f := range map[string]Fault{
		"crash": {Fault: fault.Fault{Crash: true}}, "out": {Out: true}, "errors": {Fault: fault.Fault{ErrorRate: 1}},
	} {
		sc := pair()
		sc.Rate, sc.Duration, sc.Ejection = 30, 30*sec, DefaultEjection()
		f.Server, f.At, f.For = "a", 5*sec, 14*sec
		sc.Faults = []Fault{f}
		r := run(t, sc, "round_robin", 1)
		require.Zero(t, r.Seconds[8].Share[0], name)
		require.Less(t, r.Seconds[21].Share[0]+r.Seconds[22].Share[0], 0.8, name)
		require.InDelta(t, 0.5, r.Seconds[29].Share[0], 0.1, name)
	}
}

// A server that restarts has half its share again within three seconds after its health says so, whoever routes.
func TestARestartedServerHasItsShareBack(t *testing.T) {
	sc := lookup(t, "rolling")
	sc.Faults = []Fault{{Server: "server1", At: 15 * sec, For: 3 * sec, Fault: fault.Fault{Crash: true}}}
	for _, policy := range []string{"round_robin", "least_request", "peak_ewma_full", "prequal", "q_factored"} {
		before, after := 0.0, 0.0
		for seed := range uint64(3) {
			for i, s := range run(t, sc, policy, seed+1).Seconds {
				switch {
				case i >= 5 && i < 15:
					before += s.Share[0] / 10
				case i == 22: // up at 19.5 s
					after += s.Share[0]
				}
			}
		}
		require.Greater(t, after, before/2, policy)
	}
}

// Balancers that share see what the others have, as a mean that no report moves far.
func TestSharedCounts(t *testing.T) {
	sc := lone()
	sc.Balancers, sc.Rate, sc.Servers[0].Workers, sc.ShareEvery = 2, 200, 0, 100*msec
	n := &foreignNotes{}
	_, err := RunPolicy(sc, "notes", 1, defaults(), n.build)
	require.NoError(t, err)
	sum := 0.0
	for _, x := range n.seen[1000:] {
		sum += x / float64(len(n.seen)-1000)
	}
	require.InDelta(t, 5, sum, 1, "200/s of 50 ms are 10 in flight, half of them the other's")

	sc.ShareEvery, n = 0, &foreignNotes{}
	_, err = RunPolicy(sc, "notes", 1, defaults(), n.build)
	require.NoError(t, err)
	require.Empty(t, n.seen, "nobody tells anything")
}

// What balancers tell is what keeps a server busy: answers that stream on are none of it, unless that is said of streams.
func TestSharedCountsAndStreams(t *testing.T) {
	sc := lone()
	sc.Balancers, sc.Rate, sc.Servers[0].Workers, sc.ShareEvery = 2, 20, 0, 100*msec
	sc.Classes = []Class{{Share: 1, Hold: 5 * sec}}
	opts := defaults()
	for streams, want := range map[factored.Streams]float64{factored.Free: 0.5, factored.Busy: 50} {
		n := &foreignNotes{}
		opts.QFactored.Streams = streams
		_, err := RunPolicy(sc, "notes", 1, opts, n.build)
		require.NoError(t, err)
		require.InDelta(t, want, n.seen[len(n.seen)-1], want, streams)
	}
}

// However a service time is multiplied, it stays a time.
func TestServiceTimesAreBounded(t *testing.T) {
	for _, discipline := range []Discipline{Slots, Sharing} {
		sc := lone()
		sc.Servers[0] = Server{ID: "a", BaseDelayMS: 60_000, Workers: 1, Pareto: minPareto, Discipline: discipline}
		sc.Classes = []Class{{Share: 1, Factor: MaxFactor}}
		sc.Faults = []Fault{{Server: "a", Fault: fault.Fault{Slow: 1000}}, {Server: "a", Fault: fault.Fault{Slow: 1000}}}
		for _, rec := range run(t, sc, "round_robin", 1).Records {
			require.Equal(t, DefaultClientTimeout, rec.Latency)
		}
	}
}
