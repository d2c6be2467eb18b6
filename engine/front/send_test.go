package front

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// ends are both ends of a connection whose writes are bound to a minute.
func ends(t *testing.T) (ours *sendConn, theirs net.Conn) {
	a, theirs := net.Pipe()
	t.Cleanup(func() { _, _ = a.Close(), theirs.Close() })
	return &sendConn{Conn: a, timeout: time.Minute}, theirs
}

func TestAClientThatReadsSlowlyIsServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := ends(t)
		var reader sync.WaitGroup
		reader.Go(func() {
			for {
				if _, err := theirs.Read(make([]byte, 1)); err != nil {
					return
				}
				time.Sleep(50 * time.Second)
			}
		})
		n, err := ours.Write([]byte("0123456789"))
		require.NoError(t, err)
		require.Equal(t, 10, n)
		time.Sleep(time.Hour) // an event stream without events
		_, err = ours.Write([]byte("beat"))
		require.NoError(t, err)
		require.NoError(t, ours.Close())
		reader.Wait()
	})
}

func TestAClientThatReadsNothingIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := ends(t)
		go func() { _, _ = theirs.Read(make([]byte, 3)) }()
		began := time.Now()
		n, err := ours.Write([]byte("0123456789"))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 3, n)
		limit := 2 * (time.Minute + time.Minute/8)
		require.Equal(t, limit, time.Since(began), "one that brought three bytes, one that brought none")
		_, err = ours.Write([]byte("alert")) // as TLS has it before it closes
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, limit, time.Since(began), "nobody waits for it again")
	})
}

// TLS gives its farewell five seconds, and is not to wait longer because we would.
func TestADeadlineOfSomebodyElseStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, _ := ends(t)
		began := time.Now()
		require.NoError(t, ours.SetWriteDeadline(began.Add(5*time.Second)))
		_, err := ours.Write([]byte("alert"))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 5*time.Second, time.Since(began))
	})
}

func TestAnUpgradedConnectionIsNotBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := ends(t)
		require.NoError(t, ours.SetDeadline(time.Time{})) // as the library does
		go func() {
			time.Sleep(time.Hour)
			_, _ = theirs.Read(make([]byte, 10))
		}()
		_, err := ours.Write([]byte("message"))
		require.NoError(t, err)
	})
}

// deadlined remembers the deadline of its stream.
type deadlined struct {
	http.ResponseWriter
	at, during time.Time
}

func (d *deadlined) SetWriteDeadline(t time.Time) error { d.at = t; return nil }
func (d *deadlined) Write(p []byte) (int, error)        { d.during = d.at; return len(p), nil }
func (d *deadlined) Flush()                             { d.during = d.at }

func TestAStreamIsBoundWhileItIsWrittenTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deadlined{ResponseWriter: httptest.NewRecorder()}
		s := sendStream{ResponseWriter: d, timeout: time.Minute}
		for _, write := range []func() error{
			func() error { _, err := s.Write([]byte("x")); return err },
			func() error { return http.NewResponseController(s).Flush() },
		} {
			d.during = time.Time{}
			require.NoError(t, write())
			require.Equal(t, time.Now().Add(time.Minute), d.during)
			require.Zero(t, d.at, "silence is not bound")
		}
	})
}
