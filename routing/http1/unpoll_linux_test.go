package http1

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What bounded a connection while Go's poller knew it bounds it no longer.
func TestAnUnpolledConnIsBoundAnew(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	to := New(Config{Dial: func(context.Context) (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) }, IdleTimeout: time.Minute, MaxIdle: 1})
	c, err := to.Fresh(t.Context(), time.Time{})
	require.NoError(t, err)
	server, err := l.Accept()
	require.NoError(t, err)
	defer func() { _ = server.Close() }()
	now := time.Now()
	c.Bound(now, 100*time.Millisecond)
	c.Unpoll()
	c.Bound(now, 100*time.Millisecond)
	ended := make(chan error, 1)
	go func() {
		_, err := c.Read(make([]byte, 1))
		ended <- err
	}()
	select {
	case err = <-ended:
		require.True(t, IsLate(err))
	case <-time.After(10 * time.Second):
		t.Error("the read has no deadline")
		c.Close()
		<-ended
	}
	c.Close()
}
