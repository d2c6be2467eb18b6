package policy

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkPolicy is one decision and its outcome, with the loads of the servers changing all
// the time: 100 different views, as the same ones come again in a running system.
func BenchmarkPolicy(b *testing.B) {
	for _, spec := range everyone() {
		for _, n := range []int{3, 10, 100, 1000} {
			b.Run(fmt.Sprintf("%s/N=%d", spec.Name, n), func(b *testing.B) {
				p := spec.New(testOptions(n, 1))
				views := make([]View, 100)
				for k := range views {
					views[k] = idleServers(n)
					for i := range n {
						views[k].Servers[i].InFlight = (i*7 + k) % 13
					}
				}
				now := time.Duration(0)
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					v := views[i%len(views)]
					now += time.Millisecond
					v.Now = now
					server, token := p.Pick(v)
					p.Done(token, answered(now, float64(10+v.Servers[server].InFlight)))
				}
			})
		}
	}
}
