package http1

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestConnectionIsKept(t *testing.T) {
	g := newRig(t, answering(ok))
	for range 50 {
		_, body := g.text(t, get())
		require.Equal(t, "ok", body)
	}
	require.Equal(t, 1, g.connections())
}

func TestConcurrentRequestsHaveTheirOwn(t *testing.T) {
	g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
		for req := readRequest(r); req != nil; req = readRequest(r) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"+req.URL.Path[1:])
		}
	})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 100 {
				id := string([]byte{'a' + byte(i), '0' + byte(j/10), '0' + byte(j%10), '.'})
				r := get()
				r.Target = "/" + id
				if _, body := g.text(t, r); body != id {
					panic(body + " answers " + id)
				}
			}
		})
	}
	all.Wait()
	require.LessOrEqual(t, g.connections(), 8*100)
	require.LessOrEqual(t, len(g.idle), 8)
}

// Connections that the server has ended meanwhile cost no request, whatever its method.
func TestServerHangsUpWhileIdle(t *testing.T) {
	closed := make(chan struct{})
	g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
		readRequest(r)
		_, _ = io.WriteString(c, ok)
		_ = c.Close()
		closed <- struct{}{}
	})
	for _, method := range []string{"GET", "POST", "GET", "POST"} {
		r := get()
		r.Method = method
		_, body := g.text(t, r)
		require.Equal(t, "ok", body)
		<-closed
	}
	require.Equal(t, 4, g.connections())
}

// What a server says unasked is not the answer to the next request.
func TestUnaskedAnswersAreThrownAway(t *testing.T) {
	for name, poison := range map[string]string{"with the answer": "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "a byte": "x"} {
		t.Run(name, func(t *testing.T) {
			said := make(chan struct{}, 10)
			g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
				for readRequest(r) != nil {
					_, _ = io.WriteString(c, ok+poison)
					said <- struct{}{}
				}
			})
			for range 3 {
				_, body := g.text(t, get())
				require.Equal(t, "ok", body)
				<-said
			}
			require.Equal(t, 3, g.connections())
		})
	}
	t.Run("later", func(t *testing.T) {
		speak, spoken := make(chan struct{}), make(chan struct{})
		g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
			readRequest(r)
			_, _ = io.WriteString(c, ok)
			<-speak
			_, _ = io.WriteString(c, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
			spoken <- struct{}{}
			_, _ = io.Copy(io.Discard, r)
		})
		for range 3 {
			res, _ := g.text(t, get())
			require.Equal(t, 200, res.StatusCode)
			speak <- struct{}{}
			<-spoken
			require.Eventually(t, func() bool { return len(g.idle) == 1 && !g.idle[0].probe.silent() }, 10*time.Second, time.Millisecond)
		}
		require.Equal(t, 3, g.connections())
	})
}

// The server may hang up just when the request leaves: whether it is sent again is for the caller to say.
func TestServerHangsUpOnTheRequest(t *testing.T) {
	g := newRig(t, func(c *net.TCPConn, r *bufio.Reader) {
		readRequest(r)
		_, _ = io.WriteString(c, ok)
		readRequest(r) // the second one gets no answer
	})
	_, body := g.text(t, get())
	require.Equal(t, "ok", body)
	_, err := g.Do(context.Background(), get())
	require.True(t, Stale(err))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, 1, g.connections())

	r := get()
	r.Fresh = true
	_, body = g.text(t, r)
	require.Equal(t, "ok", body)
	require.Equal(t, 2, g.connections())
	_, body = g.text(t, r)
	require.Equal(t, "ok", body, "though one is kept")
	require.Equal(t, 3, g.connections())
}

// A new connection that breaks is the server's answer.
func TestNewConnectionIsTriedOnce(t *testing.T) {
	g := newRig(t, func(_ *net.TCPConn, r *bufio.Reader) { readRequest(r) })
	_, err := g.Do(context.Background(), get())
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, 1, g.connections())
}

// piped is a Transport whose connections are served in memory.
func piped(serve func(c net.Conn)) *Transport {
	return New(Config{IdleTimeout: 4 * time.Second, MaxIdle: 2, Dial: func(context.Context) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			defer func() { _ = there.Close() }()
			serve(there)
		}()
		return here, nil
	}})
}

func TestTimeouts(t *testing.T) {
	for name, tc := range map[string]struct {
		sends  []string
		header bool // a response begins
	}{
		"silence":       {nil, false},
		"half a header": {[]string{"HTTP/1.1 200 OK\r\n"}, false},
		"no body":       {[]string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"}, true},
		"half a body":   {[]string{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "o"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := piped(func(c net.Conn) {
					readRequest(bufio.NewReader(c))
					for _, s := range tc.sends {
						time.Sleep(900 * time.Millisecond) // the bubble's time
						_, _ = io.WriteString(c, s)
					}
					_, _ = io.Copy(io.Discard, c)
				})
				r := get()
				r.HeaderTimeout, r.IdleTimeout = time.Second, 2*time.Second
				begin := time.Now()
				res, err := tr.Do(context.Background(), r)
				if !tc.header {
					require.ErrorIs(t, err, os.ErrDeadlineExceeded)
					require.Equal(t, time.Second, time.Since(begin))
					return
				}
				require.NoError(t, err)
				_, err = io.ReadAll(res.Body)
				require.ErrorIs(t, err, os.ErrDeadlineExceeded)
				require.Equal(t, time.Duration(len(tc.sends))*900*time.Millisecond+2*time.Second, time.Since(begin))
			})
		})
	}
}

func TestDialIsPartOfTheHeadersTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := New(Config{IdleTimeout: time.Second, MaxIdle: 1, Dial: func(ctx context.Context) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		r := get()
		r.HeaderTimeout = time.Second
		_, err := tr.Do(context.Background(), r)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		tr.cfg.Dial = func(context.Context) (net.Conn, error) { return nil, errors.New("refused") }
		_, err = tr.Do(context.Background(), r)
		require.EqualError(t, err, "refused")
	})
}

func TestDeadlineOfOneIsNotThatOfTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := piped(func(c net.Conn) {
			r := bufio.NewReader(c)
			for i := 0; readRequest(r) != nil; i++ {
				time.Sleep(time.Duration(i) * 2 * time.Second)
				_, _ = io.WriteString(c, ok)
			}
		})
		for _, limit := range []time.Duration{time.Second, 0} {
			r := get()
			r.HeaderTimeout = limit
			res, err := tr.Do(context.Background(), r)
			require.NoError(t, err)
			_, err = io.ReadAll(res.Body)
			require.NoError(t, err)
		}
		tr.CloseIdleConnections()
	})
}

func TestCancelled(t *testing.T) {
	why := errors.New("enough")
	t.Run("before the header", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tr := piped(func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
			ctx, cancel := context.WithCancelCause(context.Background())
			time.AfterFunc(time.Second, func() { cancel(why) })
			_, err := tr.Do(ctx, get())
			require.ErrorIs(t, err, why)
		})
	})
	t.Run("in the body", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			tr := piped(func(c net.Conn) {
				readRequest(bufio.NewReader(c))
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
				_, _ = io.Copy(io.Discard, c)
			})
			ctx, cancel := context.WithCancelCause(context.Background())
			res, err := tr.Do(ctx, get())
			require.NoError(t, err)
			time.AfterFunc(time.Second, func() { cancel(why) })
			_, err = io.ReadAll(res.Body)
			require.ErrorIs(t, err, why)
			require.Empty(t, tr.idle)
		})
	})
	t.Run("afterwards", func(t *testing.T) {
		g := newRig(t, answering(ok))
		for range 3 {
			ctx, cancel := context.WithCancel(context.Background())
			res, err := g.Do(ctx, get())
			require.NoError(t, err)
			_, err = io.ReadAll(res.Body)
			require.NoError(t, err)
			cancel()
		}
		require.Equal(t, 1, g.connections())
	})
}

func TestIdleConnectionsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := piped(func(c net.Conn) {
			r := bufio.NewReader(c)
			for readRequest(r) != nil {
				_, _ = io.WriteString(c, ok)
			}
		})
		idle := func() int {
			synctest.Wait()
			tr.mu.Lock()
			defer tr.mu.Unlock()
			return len(tr.idle)
		}
		begin := func(n int) (all []*http.Response) {
			for range n {
				res, err := tr.Do(context.Background(), get())
				require.NoError(t, err)
				all = append(all, res)
			}
			return all
		}
		finish := func(all []*http.Response) {
			for _, res := range all {
				_, err := io.ReadAll(res.Body)
				require.NoError(t, err)
			}
		}
		finish(begin(1))
		require.Equal(t, 1, idle())
		finish(begin(3))
		require.Equal(t, 2, idle(), "no more than MaxIdle")
		time.Sleep(3 * time.Second)
		finish(begin(1))
		time.Sleep(2 * time.Second)
		require.Equal(t, 1, idle(), "the one that was used stays")
		time.Sleep(3 * time.Second)
		require.Zero(t, idle())

		late := begin(1)
		tr.CloseIdleConnections()
		finish(late)
		require.Zero(t, idle(), "closed when it comes back")
		finish(begin(1))
		require.Equal(t, 1, idle())
		tr.CloseIdleConnections()
		require.Zero(t, idle())
	})
}
