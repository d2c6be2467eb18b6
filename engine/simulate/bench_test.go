package simulate

import (
	"fmt"
	"testing"
)

func BenchmarkRun(b *testing.B) {
	for _, scenario := range []string{"steady60", "unlike100"} {
		for _, policy := range []string{"least_request", "peak_ewma_full", "q_learning", "q_factored", SocialClairvoyant} {
			b.Run(fmt.Sprintf("%s/%s", scenario, policy), func(b *testing.B) {
				sc := lookup(b, scenario)
				b.ReportAllocs()
				requests, seed := 0, uint64(0)
				for b.Loop() {
					seed++
					r, err := Run(sc, policy, defaults(), seed)
					if err != nil {
						b.Fatal(err)
					}
					requests += r.All.Requests
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(requests), "ns/request")
			})
		}
	}
}

func BenchmarkTrace(b *testing.B) {
	sc := lookup(b, "steady60")
	sc.Duration = maxDuration
	t, err := newTrace(&sc, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = t.next()
	}
}
