package proxy

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A name that moves to another address is followed while traffic flows, by whichever half sends it.
func TestFaultServerMovesToAnotherAddress(t *testing.T) {
	for name, header := range map[string]string{"lean": "X-Any", "any kind": "Expect"} {
		for age, follows := range map[time.Duration]bool{time.Millisecond: true, 0: false, time.Hour: false} {
			t.Run(name+" "+age.String(), func(t *testing.T) {
				noLeaks(t)
				before, after := upstreamOf(t, answerWith(200, "before")), upstreamOf(t, answerWith(200, "after"))
				var addr atomic.Value
				addr.Store(strings.TrimPrefix(before, "http://"))
				dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
					return (&net.Dialer{}).DialContext(ctx, network, addr.Load().(string))
				}
				g := newRig(t, Config{Dial: dial, ConnectionAge: age}, "http://moves.test")
				ask := func() string {
					req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.url, nil)
					require.NoError(t, err)
					req.Header.Set(header, "100-continue")
					res, err := g.client.Do(req)
					require.NoError(t, err)
					<-g.exchanges
					return body(t, res)
				}
				require.Equal(t, "before", ask())
				addr.Store(strings.TrimPrefix(after, "http://"))
				if follows {
					require.Eventually(t, func() bool { return ask() == "after" }, 5*time.Second, time.Millisecond)
					return
				}
				for range 3 {
					require.Equal(t, "before", ask())
				}
			})
		}
	}
}
