package whatif

import (
	"context"
	"strconv"
	"testing"

	"slbtui/engine/live"
	"slbtui/engine/simulate"
)

// BenchmarkPredict is what budget and the costs of a request are set by: no case may come near a second.
func BenchmarkPredict(b *testing.B) {
	for _, size := range []struct {
		servers int
		rate    float64
	}{{3, 50}, {3, 104}, {3, 1000}, {30, 1000}, {100, 100}, {100, 4000}} {
		b.Run(strconv.Itoa(size.servers)+"servers/"+strconv.Itoa(int(size.rate))+"rps", func(b *testing.B) {
			s := Situation{Rate: size.rate, Options: parameters(), Seed: 1, Routes: "round_robin"}
			for i := range size.servers {
				s.Servers = append(s.Servers, simulate.Server{ID: "server" + strconv.Itoa(i+1), BaseDelayMS: float64(50 + 25*(i%3)), Workers: 8, Sigma: 0.3})
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := Predict(context.Background(), s, func(live.Prediction) {}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
