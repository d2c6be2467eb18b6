package policy

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn"
)

// persistentLearner is all that a learner of the registry offers.
type persistentLearner interface {
	Learner
	Inspectable
	Persistent
}

func eachLearner(t *testing.T, test func(t *testing.T, create func(servers int) persistentLearner)) {
	for _, spec := range All() {
		if !spec.Learner {
			continue
		}
		t.Run(spec.Name, func(t *testing.T) {
			test(t, func(servers int) persistentLearner {
				return spec.New(testOptions(servers, 1)).(persistentLearner)
			})
		})
	}
}

// watchTraffic lets l see requests of another policy, spread over the servers in turn. Server i answers
// after responseMS[i].
func watchTraffic(l Learner, v *View, requests int, responseMS ...float64) {
	for i := range requests {
		server := i % len(responseMS)
		token, _ := l.Observe(*v, server)
		l.Done(token, answered(v.Now, responseMS[server]))
		v.Now += 50 * time.Millisecond
	}
}

func TestConformanceLearnerPrefersIdle(t *testing.T) {
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		rng := rand.New(rand.NewPCG(1, 1))
		l, v := create(2), idleServers(2)
		for range 5000 {
			for i := range v.Servers {
				v.Servers[i].InFlight = 12 * rng.IntN(2)
			}
			server, token := l.Pick(v)
			l.Done(token, answered(v.Now, 20*float64(v.Servers[server].InFlight+1)))
			v.Now += 50 * time.Millisecond
		}
		for idle := range v.Servers {
			v.Servers[idle].InFlight, v.Servers[1-idle].InFlight = 0, 12
			_, would := l.Observe(v, idle)
			require.Equal(t, idle, would)
		}
	})
}

func TestConformanceLearnerRetriesStarvedServer(t *testing.T) {
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		l, v := create(3), idleServers(3)
		watchTraffic(l, &v, 600, 800, 20, 20)
		picks := make([]int, 3)
		for range 3000 {
			server, token := l.Pick(v)
			picks[server]++
			l.Done(token, answered(v.Now, []float64{800, 20, 20}[server]))
			v.Now += 50 * time.Millisecond
		}
		require.Positive(t, picks[0])
		require.Less(t, picks[0], 300, "it must be starved at all")
	})
}

func TestConformanceLearnerLearnsInShadow(t *testing.T) {
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		l, v := create(3), idleServers(3)
		before := l.Stats()
		watchTraffic(l, &v, 3000, 90, 20, 90)
		after := l.Stats()
		require.EqualValues(t, 3000, after.Updates-before.Updates)
		require.Equal(t, before.Epsilon, after.Epsilon, "nothing was explored")
		require.Zero(t, after.Explored)
		for range 20 {
			_, would := l.Observe(v, 0)
			require.Equal(t, 1, would)
		}
		v.Servers[1].Available = false
		_, would := l.Observe(v, 0)
		require.NotEqual(t, 1, would)
	})
}

func TestConformanceLearnerAvoidsFastFailures(t *testing.T) {
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		l, v := create(2), idleServers(2)
		for i := range 1000 {
			token, _ := l.Observe(v, i%2)
			o := answered(v.Now, 50)
			if i%2 == 0 {
				o = answered(v.Now, 1)
				o.Status = 503
			}
			l.Done(token, o)
			v.Now += 50 * time.Millisecond
		}
		_, would := l.Observe(v, 0)
		require.Equal(t, 1, would)
	})
}

func TestConformanceLearnerForgetsOnReset(t *testing.T) {
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		l, v := create(3), idleServers(3)
		watchTraffic(l, &v, 500, 90, 20, 90)
		_, stale := l.Pick(v)
		for _, p := range l.Params() {
			require.NoError(t, l.SetParam(p.Name, p.Max/2))
		}
		params := l.Params()

		l.Reset()
		require.Equal(t, params, l.Params(), "the parameters stay")
		require.Zero(t, l.Stats().Updates)
		l.Done(stale, answered(v.Now, 20))
		require.Zero(t, l.Stats().Updates, "a token of the time before")
		require.Equal(t, -1, l.Table(0).LastServer)
	})
}

func TestConformanceLearnerParams(t *testing.T) {
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		l := create(3)
		for _, p := range l.Params() {
			require.NotEmpty(t, p.Help)
			require.Positive(t, p.Step)
			for _, value := range []float64{p.Min, p.Max} {
				require.NoError(t, l.SetParam(p.Name, value))
			}
			for _, value := range []float64{p.Min - 0.001, p.Max + 0.001, math.NaN(), math.Inf(1)} {
				require.Error(t, l.SetParam(p.Name, value), "%s = %v", p.Name, value)
			}
		}
		require.ErrorContains(t, l.SetParam("beta", 0.5), "beta")
		for _, p := range l.Params() {
			require.Equal(t, p.Max, p.Value)
		}
	})
}

func TestConformanceLearnerSavesAndLoads(t *testing.T) {
	ids := []string{"a", "b", "c"}
	rows := func(l Inspectable) []qlearn.Row { return l.Table(0).Rows }
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		l := create(3)
		closedLoop(l, 1, 3, 30, 3000)
		var file bytes.Buffer
		require.NoError(t, l.Save(&file, ids))
		require.Error(t, l.Save(&bytes.Buffer{}, ids[:2]), "two names for three servers")
		saved := file.Bytes()

		other := create(3)
		v := idleServers(3)
		_, stale := other.Pick(v)
		require.NoError(t, other.Load(bytes.NewReader(saved), ids))
		require.Equal(t, unused(rows(l)), unused(rows(other)))
		require.Equal(t, l.Stats().Episodes, other.Stats().Episodes)
		require.Equal(t, l.Stats().Epsilon, other.Stats().Epsilon)
		other.Done(stale, answered(0, 500))
		require.Equal(t, unused(rows(l)), unused(rows(other)), "a token of the time before")

		for name, bad := range map[string][]byte{
			"empty": nil, "cut off": saved[:len(saved)/2], "not JSON": []byte("Q = 7"), "another": []byte(`{"version": 9}`),
		} {
			require.Error(t, other.Load(bytes.NewReader(bad), ids), name)
			require.Equal(t, unused(rows(l)), unused(rows(other)), "%s: nothing changes", name)
		}
		require.Error(t, other.Load(bytes.NewReader(saved), []string{"a", "c", "b"}), "other servers")
	})
}

func TestConformanceLearnerInheritsFromItsKind(t *testing.T) {
	ids := []string{"server1", "server2", "server3"}
	eachLearner(t, func(t *testing.T, create func(int) persistentLearner) {
		old, next := create(3), create(3)
		closedLoop(old, 1, 3, 30, 3000)
		_, stale := next.Pick(idleServers(3))
		require.NoError(t, next.Inherit(old, ids, ids))
		require.Equal(t, unused(old.Table(0).Rows), unused(next.Table(0).Rows))
		require.Equal(t, old.Stats().Updates, next.Stats().Updates)
		next.Done(stale, answered(0, 500))
		require.Equal(t, old.Stats().Updates, next.Stats().Updates, "a token of the time before")
		for _, name := range LearnerNames() {
			if name != old.Name() {
				require.Error(t, learnerOf(t, name, ids...).Inherit(old, ids, ids))
			}
		}
	})
}

// unused forgets when rows were used, which no file keeps.
func unused(rows []qlearn.Row) []qlearn.Row {
	for i := range rows {
		rows[i].Used = 0
	}
	return rows
}
