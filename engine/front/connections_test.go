package front

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConnectionsWaitForAPlace(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l := LimitConnections(inner, 1)
	for range 2 {
		c, err := net.Dial("tcp", inner.Addr().String())
		require.NoError(t, err)
		defer c.Close()
	}
	first, err := l.Accept()
	require.NoError(t, err)
	accepted := make(chan net.Conn)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				close(accepted)
				return
			}
			accepted <- c
		}
	}()
	select {
	case <-accepted:
		require.Fail(t, "there was no place")
	default:
	}
	require.NoError(t, first.Close())
	_ = first.Close() // must not free a second place
	second := <-accepted
	require.NoError(t, l.Close())
	_, open := <-accepted
	require.False(t, open, "closing ends the wait for a place")
	require.NoError(t, second.Close())
}
