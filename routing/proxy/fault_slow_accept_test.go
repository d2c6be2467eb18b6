package proxy

import (
	"context"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
)

// A server that accepts no connection in time has seen nothing: any request goes elsewhere.
func TestFaultSlowConnect(t *testing.T) {
	noLeaks(t)
	goodURL, good := soundUpstream(t)
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr == "slow.test:80" {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	for _, method := range []string{"GET", "POST"} {
		g := newRig(t, Config{ConnectTimeout: patient, Dial: dial}, "http://slow.test", goodURL)
		g.sendEach(&witness{}, good, map[string][3]int{method: {200, 0, 1}})
	}
}

// The kernel completes connections that the server has not accepted: to us it is a server that got
// the request. When it accepts at last, it finds nobody to answer.
func TestFaultSlowAccept(t *testing.T) {
	noLeaks(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	goodURL, good := soundUpstream(t)
	retry := routing.DefaultRetryConfig()
	retry.On = "connect, reset, timeout"
	g := newRig(t, Config{RequestTimeout: patient, Retry: retry}, "http://"+l.Addr().String(), goodURL)
	g.sendEach(&witness{}, good, map[string][3]int{"GET": {200, 0, 1}, "POST": {504, 0, 0}})
	for range 2 {
		c, err := l.Accept()
		require.NoError(t, err)
		require.NoError(t, c.Close())
	}
}
