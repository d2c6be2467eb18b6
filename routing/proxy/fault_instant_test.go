package proxy

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
)

func instant(status string) func(*net.TCPConn, *http.Request) {
	return func(c *net.TCPConn, _ *http.Request) {
		_, _ = io.WriteString(c, "HTTP/1.1 "+status+"\r\nConnection: close\r\nContent-Length: 4\r\n\r\nnope")
	}
}

// A server that fails at once costs as many errors as it takes to notice, and no more.
func TestFaultInstant500IsEjected(t *testing.T) {
	noLeaks(t)
	badURL, _ := faultyUpstream(t, instant("500 Oops"))
	goodURL, _ := soundUpstream(t)
	g := newRigWith(t, Config{}, []routing.PoolOption{routing.WithOutlier(routing.DefaultOutlierConfig())}, badURL, goodURL)
	statuses := map[int]int{}
	for i := range 100 {
		statuses[g.send("POST", fmt.Sprint(i))]++
	}
	require.Equal(t, map[int]int{500: routing.DefaultOutlierConfig().Consecutive, 200: 95}, statuses)
	require.Equal(t, routing.StateEjected, g.pool.Status()[0].State)
}

// With retries on 5xx the client notices nothing, where the request may be repeated.
func TestFaultInstant503IsRetriedWhenAsked(t *testing.T) {
	for name, tc := range map[string]struct {
		on, status string
		want       map[string][3]int
	}{
		"not by default": {"connect, reset", "503 Busy", map[string][3]int{"GET": {503, 1, 0}, "POST": {503, 1, 0}}},
		"asked for":      {"5xx", "503 Busy", map[string][3]int{"GET": {200, 1, 1}, "PUT": {200, 1, 1}, "POST": {503, 1, 0}}},
		"500 is final":   {"5xx", "500 Oops", map[string][3]int{"GET": {500, 1, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			retry := routing.DefaultRetryConfig()
			retry.On = tc.on
			g, bad, good := faultRig(t, Config{Retry: retry}, instant(tc.status))
			g.sendEach(bad, good, tc.want)
		})
	}
}

// Where all servers say 503, the client gets the last one's own answer.
func TestTheLast5xxIsTheAnswer(t *testing.T) {
	noLeaks(t)
	retry := routing.DefaultRetryConfig()
	retry.On = "5xx"
	one, _ := faultyUpstream(t, instant("503 Busy"))
	two, _ := faultyUpstream(t, instant("502 Gone"))
	g := newRig(t, Config{Retry: retry}, one, two)
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	require.Equal(t, 502, res.StatusCode)
	require.Equal(t, "nope", body(t, res))
	require.Equal(t, 2, g.exchange().Attempts)
}
