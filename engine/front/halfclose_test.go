package front

import (
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The handler takes away the deadline of a body that it has read, while the library already watches for the
// client's leaving: the client's time goes on.
func TestABodysDeadlineIsNotThatOfAHalfClosedClient(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l := allowHalfClose(inner, 50*time.Millisecond)
	client, err := net.Dial("tcp", inner.Addr().String())
	require.NoError(t, err)
	c, err := l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _, _, _ = client.Close(), c.Close(), l.Close() })
	require.NoError(t, client.(*net.TCPConn).CloseWrite())

	left := make(chan error, 1)
	go func() {
		_, err := c.Read(make([]byte, 1)) // as net/http watches
		left <- err
	}()
	for {
		require.NoError(t, c.SetReadDeadline(time.Time{}))
		select {
		case err := <-left:
			require.ErrorIs(t, err, io.EOF)
			require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
			return
		case <-time.After(time.Millisecond): // and again while it does
		}
	}
}
