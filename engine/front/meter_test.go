package front

import (
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Idle connections that are kept alive by pings, if slowly, live for ever.
func TestAFewFramesAMinuteAreNoFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		c := &meteredConn{Conn: ours, since: time.Now()}
		go func() {
			_, _ = io.WriteString(theirs, clientPreface)
			for range 4 {
				time.Sleep(floodPeriod + time.Second)
				_, _ = theirs.Write(make([]byte, floodBytes))
			}
			_, _ = theirs.Write(make([]byte, floodBytes+1))
			_, _ = theirs.Write(make([]byte, floodBytes+1))
		}()
		buf, got := make([]byte, 32<<10), 0
		for {
			n, err := c.Read(buf)
			got += n
			if err != nil {
				require.ErrorIs(t, err, errFlood)
				break
			}
		}
		require.Greater(t, got, 4*floodBytes)
		_ = theirs.Close()
		synctest.Wait()
	})
}
