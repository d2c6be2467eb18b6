package fit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/simulate"
)

func TestServersAreAsTheyWere(t *testing.T) {
	for _, policy := range []string{"round_robin", "least_request", "p2c", "peak_ewma_full"} {
		m, c, _, _ := graded(t, logged(t, world(.7), policy, 1))
		require.Empty(t, c.Failed, policy)
		require.Equal(t, Slots, m.Discipline, policy)
		for i, s := range m.Servers {
			require.InEpsilon(t, []float64{50, 75, 100}[i], s.ServiceMS, .02, "%s of %s", s.ID, policy)
			require.InDelta(t, .3, s.Sigma, .02)
			require.Equal(t, 4, s.Slots, "%s of %s", s.ID, policy)
			require.Empty(t, s.Periods)
		}
	}
}

func TestUnlikeServers(t *testing.T) {
	sc := simulate.Scenario{Name: "truth", Duration: time.Minute, Load: .8, Records: true}
	for i, s := range []struct {
		ms, sigma float64
		slots     int
	}{{40, .5, 8}, {40, .5, 3}, {60, .8, 2}, {90, .3, 6}} {
		sc.Servers = append(sc.Servers, simulate.Server{ID: fmt.Sprintf("app%d", i+1), BaseDelayMS: s.ms, Workers: s.slots, Sigma: s.sigma})
	}
	m, c, g, reasons := graded(t, logged(t, sc, "least_request", 1))
	require.Equal(t, A, g, "%v %v", reasons, c)
	for i, s := range m.Servers {
		require.Equal(t, sc.Servers[i].Workers, s.Slots, s.ID)
		require.InEpsilon(t, sc.Servers[i].BaseDelayMS, s.ServiceMS, .03, s.ID)
		require.InDelta(t, sc.Servers[i].Sigma, s.Sigma, .04, s.ID)
	}
}

// The two disciplines are told apart, and the wrong one fails the check.
func TestDisciplines(t *testing.T) {
	for _, policy := range []string{"round_robin", "least_request"} {
		m, c, g, reasons := graded(t, logged(t, sharing(world(.7)), policy, 1))
		require.Equal(t, Sharing, m.Discipline, policy)
		require.Empty(t, c.Failed)
		require.Equal(t, A, g, reasons)
		for _, s := range m.Servers {
			require.Equal(t, 4, s.Slots, "%s: %v", policy, s)
		}
	}
}

// Of a server that always has more than it can do, many slow processors and few fast ones look alike: it is taken for one
// like the others.
func TestACollapsedServerThatShares(t *testing.T) {
	m, c, g, reasons := graded(t, logged(t, sharing(world(.8)), "round_robin", 1))
	require.Empty(t, c.Failed)
	require.Equal(t, B, g)
	require.Contains(t, strings.Join(reasons, "\n"), "app3: how many it serves at once is known to be")
	require.Equal(t, 4, m.Servers[2].Slots)
	require.InEpsilon(t, 100, m.Servers[2].ServiceMS, .03)
}

// Where requests queue at all, the wrong discipline fails the check, too.
func TestTheWrongDisciplineFailsTheCheck(t *testing.T) {
	for policy, load := range map[string]float64{"round_robin": .6, "least_request": .8} {
		for _, sc := range []simulate.Scenario{world(load), sharing(world(load))} {
			m, err := Fit(logged(t, sc, policy, 1))
			require.NoError(t, err)
			if m.Discipline = Sharing; sc.Servers[0].Discipline == simulate.Sharing {
				m.Discipline = Slots
			}
			c, err := m.Check(options())
			require.NoError(t, err)
			require.NotEmpty(t, c.Failed, "%s at %v: %+v", policy, load, c)
		}
	}
}

// Without slots a simulation reproduces the mean and p99 of a log: it fails by how it slows down under load.
func TestAModelWithoutSlotsFailsTheCheck(t *testing.T) {
	for _, load := range []float64{.6, .8} {
		m, err := Fit(logged(t, world(load), "least_request", 1))
		require.NoError(t, err)
		for i := range m.Servers {
			m.Servers[i].Slots, m.Servers[i].Low, m.Servers[i].likely = 0, 0, 0
		}
		c, err := m.Check(options())
		require.NoError(t, err)
		require.NotEmpty(t, c.Failed)
		require.Contains(t, c.Failed[len(c.Failed)-1], "slower under load", "load %v", load)
		g, _ := m.Judge(c)
		require.Equal(t, C, g)
	}
}

func TestPeriods(t *testing.T) {
	at := func(f fault.Fault, out bool) simulate.Fault {
		return simulate.Fault{Server: "app1", At: 20 * time.Second, For: 20 * time.Second, Fault: f, Out: out}
	}
	for _, c := range []struct {
		kind   Kind
		fault  simulate.Fault
		factor float64
	}{
		{Slow, at(fault.Fault{Slow: 5}, false), 5},
		{Slow, at(fault.Fault{Slow: 1.5}, false), 1.5},
		{Failing, at(fault.Fault{ErrorRate: 1}, false), 1},
		{Failing, at(fault.Fault{ErrorRate: .2}, false), .2},
		{Out, at(fault.Fault{}, true), 0},
	} {
		m, _, _, _ := graded(t, logged(t, world(.5, c.fault), "least_request", 1))
		require.Len(t, m.Servers[0].Periods, 1, "%v: %v", c.kind, m.Servers[0].Periods)
		p := m.Servers[0].Periods[0]
		require.Equal(t, c.kind, p.Kind)
		require.InDelta(t, 20, p.From.Seconds(), .5)
		require.InDelta(t, 40, p.To.Seconds(), .7)
		require.InDelta(t, c.factor, p.Factor, .1*c.factor+.03)
		require.Empty(t, m.Servers[1].Periods)
		require.Empty(t, m.Servers[2].Periods)
	}
}

func TestAStallIsNoSlowPeriod(t *testing.T) {
	stall := simulate.Fault{Server: "app1", At: 20 * time.Second, For: 5 * time.Second, Fault: fault.Fault{Stall: true}}
	m, _, _, _ := graded(t, logged(t, world(.5, stall), "round_robin", 1))
	require.Len(t, m.Servers[0].Periods, 1, "%v", m.Servers[0].Periods)
	p := m.Servers[0].Periods[0]
	require.Equal(t, Stalled, p.Kind)
	require.InDelta(t, 20, p.From.Seconds(), .3)
	require.InDelta(t, 25, p.To.Seconds(), .3)
}

func TestWhoRouted(t *testing.T) {
	for policy, want := range map[string]string{
		"round_robin": RoundRobin, "least_request": LeastRequest, "p2c": Unsaid, "random": Unsaid, "q_factored": Unsaid,
	} {
		l := logged(t, world(.6), policy, 1)
		m, err := Fit(l)
		require.NoError(t, err)
		require.Equal(t, want, m.Routed.Policy, m.Routed.Why)
		l.Policy = policy
		m, err = Fit(l)
		require.NoError(t, err)
		require.Equal(t, policy, m.Routed.Policy, "the log says so")
		require.Equal(t, want != Unsaid, m.Routed.Signed)
	}
}

// What holds no slot is not service.
func TestTheWayThereAndBack(t *testing.T) {
	var delays []simulate.Fault
	for _, id := range []string{"app1", "app2", "app3"} {
		delays = append(delays, simulate.Fault{Server: id, Fault: fault.Fault{Delay: 20 * time.Millisecond}})
	}
	m, err := Fit(logged(t, world(.7, delays...), "p2c", 1))
	require.NoError(t, err)
	for i, s := range m.Servers {
		require.Equal(t, 20*time.Millisecond, s.Delay)
		require.Equal(t, 4, s.Slots)
		require.InEpsilon(t, []float64{50, 75, 100}[i], s.ServiceMS, .03)
	}
}

func TestWhatCannotBeFitted(t *testing.T) {
	l := logged(t, world(.6), "p2c", 1)
	one := *l
	one.Servers = l.Servers[:1]
	_, err := Fit(&one)
	require.ErrorContains(t, err, "one server")
	_, err = Fit(l.part(0, 100))
	require.ErrorContains(t, err, "100 requests")
	failed := *l
	failed.Requests = slices.Clone(l.Requests)
	for i := range failed.Requests {
		failed.Requests[i].Outcome = Failed
	}
	_, err = Fit(&failed)
	require.ErrorContains(t, err, "0 of the log's")
	at := l.part(0, 300)
	for i := range at.Requests {
		at.Requests[i].Start, at.Requests[i].End = l.Requests[0].Start, l.Requests[0].Start
	}
	_, err = Fit(at)
	require.ErrorContains(t, err, "too short")
}

// Worlds that are unlike: a number of slots that is said to be known is right, and nobody was slow.
func TestNothingIsKnownThatIsWrong(t *testing.T) {
	servers := func(ms []float64, slots []int, sigma []float64) (all []simulate.Server) {
		for i := range ms {
			all = append(all, simulate.Server{ID: fmt.Sprintf("app%d", i+1), BaseDelayMS: ms[i], Workers: slots[i], Sigma: sigma[i]})
		}
		return all
	}
	for name, of := range map[string][]simulate.Server{
		"B": servers([]float64{40, 40, 60, 90}, []int{8, 3, 2, 6}, []float64{.5, .5, .8, .3}),
		"C": servers([]float64{50, 50, 50, 50, 50, 50}, []int{2, 2, 2, 2, 2, 2}, []float64{1, 1, 1, 1, 1, 1}),
		"D": servers([]float64{50, 75, 100, 60}, []int{32, 16, 24, 16}, []float64{.3, .3, .3, .3}),
	} {
		for _, load := range []float64{.3, .7} {
			for _, policy := range []string{"round_robin", "p2c"} {
				sc := simulate.Scenario{Name: name, Duration: 30 * time.Second, Load: load, Records: true, Servers: of}
				m, err := Fit(logged(t, sc, policy, 1))
				require.NoError(t, err)
				for i, s := range m.Servers {
					require.Empty(t, s.Periods, "%s of %s in %s at %v", s.ID, policy, name, load)
					require.InEpsilon(t, of[i].BaseDelayMS, s.ServiceMS, .08+.12*of[i].Sigma, "%s of %s in %s at %v", s.ID, policy, name, load)
					require.LessOrEqual(t, s.Low, of[i].Workers, "%s of %s in %s at %v", s.ID, policy, name, load)
					if s.Slots > 0 {
						require.Equal(t, of[i].Workers, s.Slots, "%s of %s in %s at %v: %d-%d", s.ID, policy, name, load, s.Low, s.High)
					}
				}
			}
		}
	}
}

// Whatever a log says, it is fitted or refused.
func TestNoLogIsTooStrange(t *testing.T) {
	rng, fitted := rand.New(rand.NewPCG(1, 1)), 0
	for round := range 120 {
		l := &Log{Format: "haproxy", Resolution: time.Millisecond, Servers: []string{"a", "b", "c"}}
		at := time.Duration(0)
		for range 200 + rng.IntN(300) {
			at += time.Duration(rng.IntN(int(time.Second) >> (round % 30)))
			took := time.Duration(rng.Int64N(int64(1) << (1 + rng.IntN(44))))
			l.Requests = append(l.Requests, Request{
				Start: at, End: at + took, Server: int32(rng.IntN(1 + round%3)), Others: int32(rng.IntN(9)) - 1, Outcome: Outcome(rng.IntN(1+round%4) % 3),
			})
		}
		m, err := Fit(l)
		if err != nil {
			continue
		}
		fitted++
		c, err := m.Check(options())
		require.NoError(t, err)
		m.Judge(c)
		require.NoError(t, m.Scenario().Validate())
		_, err = m.Predict(context.Background(), Plan{Policies: []string{"p2c"}, Options: options()})
		require.NoError(t, err)
	}
	require.Greater(t, fitted, 10)
}
