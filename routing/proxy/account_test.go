package proxy

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// account hands a request to a proxy whose server answers so, and returns where its time went.
func account(t *testing.T, r *http.Request, serve func(net.Conn, *http.Request)) Exchange {
	t.Helper()
	x, _ := inTheBubble(t, Config{}, serve, func(w http.ResponseWriter) http.ResponseWriter { return w }, r)
	require.Equal(t, x.Latency, x.Picked+x.Upstream+x.Waited, "nothing is lost")
	return x
}

// An exchange tells where its time went: until the header, until the end, and waiting for the client.
func TestExchangeAccountsForItsTime(t *testing.T) {
	const step = 50 * time.Millisecond
	synctest.Test(t, func(t *testing.T) {
		inPieces := func(c net.Conn, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			time.Sleep(step)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
			time.Sleep(step)
			_, _ = io.WriteString(c, "ok")
		}
		x := account(t, httptest.NewRequest(http.MethodGet, "/", nil), inPieces)
		require.Equal(t, []time.Duration{0, step, 2 * step, 0}, []time.Duration{x.Picked, x.Header, x.Upstream, x.Waited})
		require.Zero(t, x.InFlight)
		require.Empty(t, x.Refusal)

		x = account(t, httptest.NewRequest(http.MethodGet, "/", nil), thinks("HTTP/1.1 204 No Content\r\n\r\n"))
		require.Equal(t, []time.Duration{step, step}, []time.Duration{x.Header, x.Upstream}, "nothing follows the header")

		slow := httptest.NewRequest(http.MethodPost, "/", slowBody{strings.NewReader("0123456789")})
		slow.ContentLength = -1
		x = account(t, slow, inPieces)
		require.Equal(t, []time.Duration{0, 10*time.Second + step, 2 * step, 10 * time.Second}, []time.Duration{x.Picked, x.Header, x.Upstream, x.Waited})
	})
}

// One that no server answered says why.
func TestExchangeTellsItsRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := account(t, httptest.NewRequest(http.MethodGet, "/", nil), func(c net.Conn, _ *http.Request) {
			time.Sleep(time.Second)
			_ = c.Close()
		})
		require.Equal(t, "upstream_closed", x.Refusal)
		require.Zero(t, x.Header)
		require.Equal(t, http.StatusBadGateway, x.Status)
		x = account(t, httptest.NewRequest(http.MethodConnect, "/", nil), thinks(""))
		require.Equal(t, "connect_unsupported", x.Refusal)
		require.Zero(t, x.Attempts)
	})
}

func TestExchangeTellsTheInFlight(t *testing.T) {
	block := make(chan struct{})
	up := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/first" {
			<-block
		}
	}))
	t.Cleanup(up.Close)
	g := newRig(t, Config{}, up.URL)
	first := make(chan error, 1)
	get := func(path string) error {
		res, err := g.client.Get(g.url + path)
		if err != nil {
			return err
		}
		return res.Body.Close()
	}
	go func() { first <- get("/first") }()
	require.Eventually(t, func() bool { return g.pool.Status()[0].InFlight == 1 }, 30*time.Second, time.Millisecond)
	require.NoError(t, get("/second"))
	require.Equal(t, 1, (<-g.exchanges).InFlight)
	close(block)
	require.NoError(t, <-first)
	require.Zero(t, (<-g.exchanges).InFlight)
}
