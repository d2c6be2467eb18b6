package qlearn

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkTable is what the console pays for looking at a large table; the learner waits meanwhile.
func BenchmarkTable(b *testing.B) {
	for _, servers := range []int{12, 100} {
		b.Run(fmt.Sprintf("20000states/%dservers", servers), func(b *testing.B) {
			a := wide(servers, 20_000)
			b.ReportAllocs()
			for b.Loop() {
				_ = a.Table(300)
			}
		})
	}
}

// wide is an agent that has visited so many states, some of them often.
func wide(servers, states int) *Agent {
	a := newTestAgent(servers, nil)
	state, mask := make([]byte, servers), all(servers)
	rng := rand.New(rand.NewPCG(1, 1))
	for len(a.rows) < states {
		for i := range state {
			state[i] = "lmh"[rng.IntN(3)]
		}
		row, action := a.Choose(state, mask)
		for range 1 + rng.IntN(20) {
			a.Update(row, action, -5)
		}
	}
	return a
}
