package lean

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/qlearn"
)

// run is a run of which pictures are taken: it goes on by closed seconds, events, phases, decisions.
type run struct {
	seq       uint64
	seconds   []metrics.Second
	events    []live.Event
	phases    []metrics.Phase
	rewards   []float64
	decisions []live.Decision
}

func newest[T any](all []T, n int) []T { return append([]T(nil), all[max(0, len(all)-n):]...) }

func (r *run) second() {
	at := time.Duration(len(r.seconds)+1) * time.Second
	r.seconds = append(r.seconds, metrics.Second{At: at, Requests: uint64(len(r.seconds)), Servers: []metrics.ServerSecond{{Requests: 1}}})
	r.rewards = append(r.rewards, float64(len(r.rewards)))
}

func (r *run) event() {
	r.events = append(r.events, live.Event{Number: uint64(len(r.events) + 1), Text: fmt.Sprint("event ", len(r.events))})
}

func (r *run) phase() {
	r.phases = append(r.phases, metrics.Phase{Number: len(r.phases) + 1, ByServer: map[string]uint64{}})
}

func (r *run) decision() {
	r.decisions = append(r.decisions, live.Decision{At: time.Duration(r.seq)*time.Second + time.Duration(len(r.decisions)+1)})
}

// picture takes the next one.
func (r *run) picture() *live.Snapshot {
	r.seq++
	if n := len(r.phases); n > 0 { // the current one goes on
		r.phases = append([]metrics.Phase(nil), r.phases...)
		r.phases[n-1].End = time.Duration(r.seq)
		if n > 1 { // what was in flight when the one before it ended still counts there
			r.phases[n-2].Summary.Requests++
		}
	}
	return &live.Snapshot{
		Seq: r.seq, Started: time.Unix(7, 0).UTC(), Policies: []live.PolicyInfo{{Name: "p2c"}}, Scenarios: []live.ScenarioInfo{{Name: "steady60"}},
		Servers: []live.Server{{ID: "a", InFlight: int(r.seq)}},
		Seconds: newest(r.seconds, 300), Events: newest(r.events, 500), Phases: newest(r.phases, 50),
		Learners: []live.Learner{{
			Name: "q", Rewards: newest(r.rewards, 300), DeltaQs: newest(r.rewards, 300), Decisions: newest(r.decisions, 20),
			Table: qlearn.Table{Rows: []qlearn.Row{{ID: int(r.seq)}}},
		}},
		Regret: &live.Regret{Seconds: newest(r.rewards, 300)},
	}
}

var allParts = []string{"tables", "decisions"}

// sent is what arrives of a picture at somebody who has held.
func sent(t require.TestingT, held, s *live.Snapshot, with ...string) *live.Snapshot {
	n := News{Since: MarkOf(held), Same: ETag(held) == ETag(s), With: with}
	b, err := n.Append(nil, s)
	require.NoError(t, err)
	var fresh live.Snapshot
	require.NoError(t, json.Unmarshal(append(b, '}'), &fresh))
	return &fresh
}

func asJSON(t require.TestingT, s *live.Snapshot) string {
	b, err := json.Marshal(s)
	require.NoError(t, err)
	return string(b)
}

// Whoever follows a run picture by picture has the same as whoever asks for the whole of the last one.
func TestNewsAddUpToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &run{}
		r.phase()
		held := r.picture()
		for range rapid.IntRange(1, 5).Draw(t, "pictures") {
			for _, grow := range []func(){r.second, r.event, r.phase, r.decision} {
				for range rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2, 25, 320}).Draw(t, "new") {
					grow()
				}
			}
			if rapid.IntRange(0, 9).Draw(t, "reset") == 0 {
				r.decisions = nil
			}
			s := r.picture()
			before := asJSON(t, held)
			next := Merge(held, sent(t, held, s, allParts...), allParts...)
			require.Equal(t, before, asJSON(t, held), "what was published stays as it is")
			if len(r.decisions) == 0 {
				next.Learners[0].Decisions = s.Learners[0].Decisions
			}
			if len(next.Learners[0].Decisions) != len(s.Learners[0].Decisions) { // forgotten, and some since: they go as new ones come
				next.Learners[0].Decisions = newest(next.Learners[0].Decisions, len(s.Learners[0].Decisions))
			}
			require.Equal(t, asJSON(t, s), asJSON(t, next))
			held = next
		}
	})
}

func TestOnlyTheNewIsSent(t *testing.T) {
	r := &run{}
	r.phase()
	for range 40 {
		r.second()
		r.event()
		r.decision()
	}
	held := r.picture()
	r.second()
	r.event()
	fresh := sent(t, held, r.picture())
	require.Len(t, fresh.Seconds, 1)
	require.Len(t, fresh.Events, 1)
	require.Equal(t, uint64(41), fresh.Events[0].Number)
	require.Len(t, fresh.Phases, 1, "the current one goes on")
	require.Len(t, fresh.Learners[0].Rewards, 1)
	require.Len(t, fresh.Regret.Seconds, 1)
	require.Nil(t, fresh.Policies, "static")
	require.Empty(t, fresh.Learners[0].Table.Rows, "nobody asked")
	require.Nil(t, fresh.Learners[0].Decisions)
	merged := Merge(held, fresh)
	require.Equal(t, held.Learners[0].Table, merged.Learners[0].Table, "kept, as long as nobody asks")
	require.Len(t, merged.Learners[0].Decisions, 20)
}

func TestETag(t *testing.T) {
	r := &run{}
	a, b := r.picture(), r.picture()
	require.Equal(t, ETag(a), ETag(b))
	for name, change := range map[string]func(s *live.Snapshot){
		"another run":      func(s *live.Snapshot) { s.Started = s.Started.Add(time.Second) },
		"another server":   func(s *live.Snapshot) { s.Servers[0].ID = "b" },
		"another policy":   func(s *live.Snapshot) { s.Policies[0].Summary = "new" },
		"another learner":  func(s *live.Snapshot) { s.Learners[0].Name = "dqn" },
		"another scenario": func(s *live.Snapshot) { s.Scenarios = nil },
	} {
		s := r.picture()
		change(s)
		require.NotEqual(t, ETag(a), ETag(s), name)
	}
}

// What nobody has tagged goes with every picture, whatever it is.
func TestUntaggedFieldsAreAlwaysSent(t *testing.T) {
	s := &live.Snapshot{WhatIf: &live.WhatIf{Policy: "p2c"}, Versus: &metrics.Difference{From: 1}}
	fresh := sent(t, s, s)
	require.Equal(t, s.WhatIf, fresh.WhatIf)
	require.Equal(t, s.Versus, fresh.Versus)
}

func BenchmarkNewsOfAHundredServers(b *testing.B) {
	r := &run{}
	r.phase()
	held := r.picture()
	s := r.picture()
	for range 99 {
		s.Servers = append(s.Servers, s.Servers[0])
	}
	n := News{Since: MarkOf(held), Same: true, With: allParts}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if buf, err = n.Append(buf[:0], s); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(buf)), "bytes/op")
}

// Whatever comes from elsewhere is put together without a panic.
func FuzzMerge(f *testing.F) {
	r := &run{}
	r.phase()
	held := r.picture()
	b, _ := (&News{With: allParts}).Append(nil, r.picture())
	f.Add(append(b, '}'))
	f.Add([]byte(`{"learners":[{},{}],"seconds":[{"at_ns":-1}],"regret":{"seconds_ms":[1]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var fresh live.Snapshot
		if json.Unmarshal(body, &fresh) == nil {
			require.LessOrEqual(t, len(Merge(held, &fresh, allParts...).Seconds), 300)
		}
	})
}
