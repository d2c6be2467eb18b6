package policy

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Who is not a ResponseReader decides alike whatever the response times are: it gets none.
func TestOnlyResponseReadersReadResponses(t *testing.T) {
	for _, spec := range All() {
		t.Run(spec.Name, func(t *testing.T) {
			with, without := spec.New(testOptions(3, 1)), spec.New(testOptions(3, 1))
			rng := rand.New(rand.NewPCG(3, 4))
			v := idleServers(3)
			same := true
			for range 3000 {
				v.Now += time.Millisecond
				for i := range v.Servers {
					v.Servers[i].InFlight, v.Servers[i].ResponseMS = rng.IntN(3), rng.Float64()*1000
				}
				a, ta := with.Pick(v)
				for i := range v.Servers {
					v.Servers[i].ResponseMS = 0
				}
				b, tb := without.Pick(v)
				o := answered(v.Now, 10+100*rng.Float64())
				with.Done(ta, o)
				without.Done(tb, o)
				if same = a == b; !same {
					break
				}
			}
			require.Equal(t, ReadsResponses(with), !same)
		})
	}
}
