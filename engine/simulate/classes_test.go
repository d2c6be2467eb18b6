package simulate

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// notes is a policy that writes down what it hears of server 0.
type notes struct {
	heard []policy.Outcome
	views []policy.ServerView
}

func (*notes) Name() string                            { return "notes" }
func (n *notes) Done(_ policy.Token, o policy.Outcome) { n.heard = append(n.heard, o) }
func (n *notes) Pick(v policy.View) (int, policy.Token) {
	n.views = append(n.views, v.Servers[0])
	return 0, policy.Token{Server: 0, At: v.Now}
}

// watched runs a scenario under notes.
func watched(t *testing.T, sc Scenario) (*notes, []Record) {
	n := &notes{}
	sc.Records = true
	r, err := RunPolicy(sc, "notes", 1, defaults(), func(string, policy.Options) (policy.Policy, error) { return n, nil })
	require.NoError(t, err)
	return n, r.Records
}

const msec = time.Millisecond

func TestClassesMultiplyTheServiceTime(t *testing.T) {
	sc := lone()
	sc.Classes = []Class{{Share: 0.75}, {Share: 0.25, Factor: 1.5}}
	long := 0
	for _, r := range run(t, sc, "round_robin", 1).Records {
		if r.Latency == 75*msec {
			long++
		} else {
			require.Equal(t, 50*msec, r.Latency)
		}
	}
	require.InDelta(t, 25, long, 12)
	require.InDelta(t, 1.125, sc.MeanFactor(), 1e-9)
	require.Equal(t, sc.MeanRate(), lone().MeanRate(), "a load is of factor 1")
}

// What a request is besides its class does not depend on there being classes, nor on a herd before it.
func TestClassesAndHerdMoveNothingElse(t *testing.T) {
	sc := lookup(t, "steady60")
	plain, err := Trace(sc, 3)
	require.NoError(t, err)
	sc.Classes = []Class{{Share: 0.5, Factor: 2}, {Share: 0.5, Hold: sec}}
	sc.Herd = 40
	more, err := Trace(sc, 3)
	require.NoError(t, err)
	require.Len(t, more, len(plain)+40)
	for _, r := range more[:40] {
		require.Less(t, r.Due, 10*msec)
	}
	for i, r := range more[40:] {
		r.Factor, r.Hold = 0, 0
		require.Equal(t, plain[i], r)
	}
}

// A stream that is no body: the policy hears of its beginning, and it counts until its end.
func TestEventStreamIsHeardOfAtItsBeginning(t *testing.T) {
	sc := lone()
	sc.Classes = []Class{{Share: 1, Hold: time.Hour}}
	n, records := watched(t, sc)
	require.Len(t, n.heard, len(records))
	for i, o := range n.heard {
		require.Equal(t, policy.Outcome{Now: records[i].Due + 50*msec, Latency: 50 * msec, Status: 200}, o)
		require.Equal(t, 50*msec, records[i].Latency)
		require.False(t, records[i].Failed)
	}
	for i, v := range n.views {
		require.InDelta(t, i, v.InFlight, 3, "nearly none of them ends")
		require.Zero(t, v.OldestAge, "and none of them ages")
	}
}

// A body is heard of at its end, or once it has lasted as long as the proxy would wait.
func TestWholeStreamIsSettled(t *testing.T) {
	sc := lone()
	sc.Classes = []Class{{Share: 1, Hold: 300 * msec, Whole: true}}
	n, records := watched(t, sc)
	wait := routing.SettleAfter(50 * msec)
	ended, settled := 0, 0
	for _, o := range n.heard {
		if o.Latency == 50*msec {
			settled++
			continue
		}
		ended++
		require.Greater(t, o.Latency, 50*msec)
		require.LessOrEqual(t, o.Latency, 50*msec+wait)
	}
	require.Greater(t, ended, 40, "exp(-250/300) is .43")
	require.Greater(t, settled, 25)
	for _, r := range records {
		require.Equal(t, 50*msec, r.Latency, "what the client waits for is the beginning")
	}
	for _, v := range n.views {
		require.LessOrEqual(t, v.OldestAge, 50*msec+wait)
	}
}

func TestCrashCutsStreams(t *testing.T) {
	sc := lone(Fault{Server: "a", At: 5 * sec})
	sc.Faults[0].Crash = true
	sc.Classes = []Class{{Share: 1, Hold: time.Hour, Whole: true}}
	n, records := watched(t, sc)
	for _, r := range records {
		require.Equal(t, r.Due > 4900*msec, r.Failed, "who has the beginning has not failed: %v", r.Due)
	}
	cut := 0
	for _, o := range n.heard {
		if o.Failure == policy.FailureRemote {
			cut++
		}
	}
	require.InDelta(t, 3, cut, 1, "those not settled yet, and the one in service")
}

// Who knows the truth sends dear requests to whom they cost least, unless nobody can tell them apart.
func TestClairvoyantsKnowClasses(t *testing.T) {
	sc := lookup(t, "mixed")
	sc.Duration = 40 * sec
	blind := run(t, sc, SocialClairvoyant, 1).All.MeanMS
	sc.Blind = false
	require.Less(t, run(t, sc, SocialClairvoyant, 1).All.MeanMS, blind)
	require.Equal(t, 70.0+5*6, Truth{MeanMS: 10, Factor: 7, Ahead: 0.5, Workers: 2, Holding: 13}.ExpectedMS())
}

// policyOutcome is shorter.
type policyOutcome = policy.Outcome

// foreignNotes is a policy that writes down what it is told of other balancers.
type foreignNotes struct {
	seen []float64
}

func (n *foreignNotes) build(string, policy.Options) (policy.Policy, error) { return n, nil }
func (*foreignNotes) Name() string                                          { return "notes" }
func (*foreignNotes) Done(policy.Token, policy.Outcome)                     {}
func (n *foreignNotes) Pick(v policy.View) (int, policy.Token) {
	n.seen = append(n.seen, v.Foreign...)
	return 0, policy.Token{Server: 0, At: v.Now}
}

// Downloads that go on for half a minute move nobody else's mean: the learner hears of them when they begin, and counts
// them no longer.
func TestDownloadsMoveNobodyElse(t *testing.T) {
	with := lookup(t, "streams")
	with.Duration = 60 * sec
	without := with
	without.Classes = nil
	a, b := run(t, with, "q_factored", 1), run(t, without, "q_factored", 1)
	require.InEpsilon(t, b.All.MeanMS, a.All.MeanMS, 0.05)
	require.Zero(t, a.All.ErrorRate)
}
