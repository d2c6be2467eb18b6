package hostile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/engine/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(overFronts{m}) }

// fronts are those that every test here runs over, by the same tests.
var fronts = []config.Front{config.FrontLibrary, config.FrontStream, config.FrontLoop}

// frontOfNow is the one under test.
var frontOfNow = fronts[0]

// overFronts runs the tests once over each.
type overFronts struct{ m *testing.M }

func (o overFronts) Run() (code int) {
	for _, frontOfNow = range fronts {
		fmt.Println("front:", frontOfNow)
		code = max(code, o.m.Run())
	}
	return code
}

func TestOneRequestInIsAtMostOneUpstream(t *testing.T) {
	cases := table(t)
	require.GreaterOrEqual(t, len(cases), 60)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := judge(t, c.bytes)
			t.Log(v)
			require.Empty(t, v.faults, "the upstream could read it in two ways")
			require.LessOrEqual(t, len(v.requests), c.most)
			require.LessOrEqual(t, len(v.answers), max(c.most, 1)+1, "one answer a request")
			for _, a := range v.requests {
				require.False(t, strings.HasPrefix(a.target, "/smuggled"), "smuggled")
				if c.never != "" {
					require.NotContains(t, a.head, c.never)
				}
			}
		})
	}
}

// FuzzRequests sends anything. It can't know how many requests that is, but each begins with a line
// that names the protocol.
func FuzzRequests(f *testing.F) {
	for _, c := range table(f) {
		if len(c.bytes) < 1000 {
			f.Add(c.bytes)
		}
	}
	f.Fuzz(func(t *testing.T, request string) {
		if len(request) > 100_000 {
			return
		}
		v := judge(t, request)
		require.Empty(t, v.faults)
		require.LessOrEqual(t, len(v.requests), strings.Count(request, "HTTP/1."))
	})
}
