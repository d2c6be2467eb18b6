package engine

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
)

// halfClosed asks for path and closes its side before the balancer reads a byte.
func halfClosed(t *testing.T, cfg config.Config, request string) net.Conn {
	t.Helper()
	e, err := New(cfg, Options{ServeOnly: true})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	c, err := net.Dial("tcp", e.Addr())
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(c, request)
	require.NoError(t, err)
	require.NoError(t, c.(*net.TCPConn).CloseWrite())
	run(t, e)
	return c
}

// thinking is a server that answers when it is told to, and says who has left before.
type thinking struct {
	url          string
	asked, gone  chan struct{}
	answer, over chan struct{}
}

func newThinking(t *testing.T) *thinking {
	s := &thinking{asked: make(chan struct{}, 1), gone: make(chan struct{}), answer: make(chan struct{}), over: make(chan struct{})}
	s.url = upstream(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.asked <- struct{}{}
		select {
		case <-s.answer:
			_, _ = fmt.Fprintf(w, "thought of %s", body)
		case <-r.Context().Done():
			close(s.gone)
		case <-s.over:
		}
	})
	t.Cleanup(func() { close(s.over) })
	return s
}

const thought = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"

func TestAClientThatHasClosedItsSideGetsItsAnswer(t *testing.T) {
	for name, request := range map[string]string{
		"no body":     "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
		"small body":  thought,
		"of no known": "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"HTTP/1.0":    "GET / HTTP/1.0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := newThinking(t)
			cfg := serveConfig(s.url)
			cfg.LoadBalancer.ClientLimits.HalfClose = time.Hour
			c := halfClosed(t, cfg, request)
			<-s.asked
			close(s.answer)
			r := bufio.NewReader(c)
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err)
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.Contains(t, string(body), "thought of ")
			_, err = r.ReadByte()
			require.ErrorIs(t, err, io.EOF, "there is no further request")
		})
	}
	t.Run("two requests", func(t *testing.T) {
		cfg := serveConfig(upstream(t, answer))
		cfg.LoadBalancer.ClientLimits.HalfClose = time.Hour
		r := bufio.NewReader(halfClosed(t, cfg, thought+"GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
		for range 2 {
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err)
			_, err = io.Copy(io.Discard, res.Body)
			require.NoError(t, err)
		}
	})
}

func TestTheTimeOfAHalfClosedRequestEnds(t *testing.T) {
	for name, limit := range map[string]time.Duration{"at once": 0, "in a moment": 20 * time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			s := newThinking(t)
			cfg := serveConfig(s.url)
			cfg.LoadBalancer.ClientLimits.HalfClose = limit
			c := halfClosed(t, cfg, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
			if limit > 0 { // at once may be before the server is asked
				<-s.gone
			}
			n, err := c.Read(make([]byte, 1))
			require.ErrorIs(t, err, io.EOF)
			require.Zero(t, n)
		})
	}
}

func TestAResetEndsAHalfClosedRequest(t *testing.T) {
	s := newThinking(t)
	cfg := serveConfig(s.url)
	cfg.LoadBalancer.ClientLimits.HalfClose = time.Hour
	c := halfClosed(t, cfg, thought)
	<-s.asked
	require.NoError(t, c.(*net.TCPConn).SetLinger(0))
	require.NoError(t, c.Close())
	<-s.gone
}

// A body that breaks off is broken off: nobody waits for the rest of it.
func TestAHalfClosedBodyIsNotWaitedFor(t *testing.T) {
	cfg := serveConfig(upstream(t, answer))
	cfg.LoadBalancer.ClientLimits.HalfClose = time.Hour
	c := halfClosed(t, cfg, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab")
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(t, err)
	require.Equal(t, 400, res.StatusCode)
}

// The end of a handler and the end of its client may meet at any instant.
func TestHalfClosesMeetAnswers(t *testing.T) {
	cfg := serveConfig(upstream(t, answer))
	cfg.LoadBalancer.ClientLimits.HalfClose = time.Hour
	e := start(t, cfg, Options{ServeOnly: true})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				c, err := net.Dial("tcp", e.Addr())
				if err != nil {
					t.Error(err)
					return
				}
				_ = c.SetDeadline(time.Now().Add(time.Minute))
				_, _ = io.WriteString(c, thought)
				_ = c.(*net.TCPConn).CloseWrite()
				if all, err := io.ReadAll(c); err != nil || len(all) == 0 {
					t.Errorf("%q, %v", all, err)
				}
				_ = c.Close()
			}
		})
	}
	all.Wait()
}
