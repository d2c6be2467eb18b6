package learned

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/routing/policy"
)

// FuzzLearnedTables: whatever the file holds, it is refused, or loaded into learners that still work.
func FuzzLearnedTables(f *testing.F) {
	store := Store{Servers: []string{"server1", "server2", "server3"}}
	fresh := func(t require.TestingT) []policy.Learner {
		var all []policy.Learner
		for _, spec := range policy.All() {
			if spec.Learner {
				all = append(all, spec.New(config.Default().PolicyOptions()).(policy.Learner))
			}
		}
		return all
	}
	learners := fresh(f)
	view := policy.View{Servers: slices.Repeat([]policy.ServerView{{Available: true, Reachable: true, CPU: -1, Weight: 1}}, 3)}
	use := func(l policy.Learner) {
		for i := range 5 {
			view.Servers[i%3].InFlight = 4 * i
			_, token := l.Pick(view)
			l.Done(token, policy.Outcome{Now: time.Second, Latency: 50 * time.Millisecond, Status: http.StatusOK})
		}
	}
	for _, l := range learners {
		use(l)
	}
	good, err := store.encode(learners)
	require.NoError(f, err)
	require.NoError(f, store.decode(good, fresh(f)))
	f.Add(good)
	f.Add(good[:len(good)-2])
	f.Add([]byte(`{"format":"slbtui/learned","version":1,"servers":["server1","server2","server3"],"learners":[]}`))
	f.Add([]byte(`{"format":"slbtui/learned","version":1,"servers":["server1","server2","server3"],"learners":[{"name":"double_q","table":null}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		learners := fresh(t)
		if store.decode(data, learners) != nil {
			return
		}
		for _, l := range learners {
			use(l)
		}
		again, err := store.encode(learners)
		require.NoError(t, err)
		require.NoError(t, store.decode(again, fresh(t)))
	})
}
