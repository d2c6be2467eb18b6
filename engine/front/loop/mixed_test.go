//go:build linux

package loop

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy/policytest"
)

// echo answers with the request's path, in one of many ways; some are none, and some are more than one.
func echo(w http.ResponseWriter, r *http.Request) {
	how := rand.IntN(13)
	text := r.URL.Path + "\n"
	raw := func(format string, args ...any) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = fmt.Fprintf(c, format, args...)
		_ = c.Close()
	}
	switch how {
	case 0:
		raw("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(text)+5, text) // cut short
	case 1:
		raw("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%sHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n/wrong", len(text), text)
	case 2:
		raw("") // hangs up
	case 3:
		raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n/wrong", len(text), text)
	case 4:
		w.(http.Flusher).Flush()
		_, _ = io.WriteString(w, text)
	case 5:
		_, _ = io.WriteString(w, text+strings.Repeat("x", 40<<10))
	case 6:
		<-time.After(time.Duration(rand.IntN(5)) * time.Millisecond) // a slow server
		_, _ = io.WriteString(w, text)
	case 7:
		w.WriteHeader(http.StatusServiceUnavailable) // which may be tried again
		_, _ = io.WriteString(w, text)
	case 8:
		_, _ = io.WriteString(w, text+strings.Repeat("x", 300<<10))
	default:
		_, _ = io.WriteString(w, text)
	}
}

// Whatever servers answer and whenever clients leave, nobody gets what is somebody else's.
func TestNobodyGetsAnothersAnswer(t *testing.T) {
	g := newRig(t, &policytest.FirstFree{}, echo)
	var clients sync.WaitGroup
	for i := range 16 {
		clients.Go(func() {
			for n := range 60 {
				c, err := net.Dial("tcp", g.address)
				if err != nil {
					t.Error(err)
					return
				}
				talk(t, c, fmt.Sprintf("/%d/%d", i, n))
				_ = c.Close()
			}
		})
	}
	clients.Wait()
	require.Eventually(t, func() bool { return g.pool.Status()[0].InFlight == 0 }, 30*time.Second, time.Millisecond)
}

// talk asks a few times in a row, and leaves at some point.
func talk(t *testing.T, c net.Conn, name string) {
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	many := 1 + rand.IntN(5)
	var all strings.Builder
	for k := range many {
		fmt.Fprintf(&all, "%s %s/%d HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc", [...]string{"POST", "PUT", "GET"}[rand.IntN(3)], name, k)
	}
	text := all.String()
	how := rand.IntN(6)
	if how == 0 {
		text = text[:len(text)-rand.IntN(len(text))]
	}
	_, _ = io.WriteString(c, text)
	switch how {
	case 0, 1:
		_ = c.(*net.TCPConn).CloseWrite()
	case 2:
		_ = c.(*net.TCPConn).SetLinger(0)
		return
	}
	r := bufio.NewReader(c)
	for k := range many {
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			return
		}
		if res.StatusCode != http.StatusOK {
			continue
		}
		first, _, _ := strings.Cut(string(body), "\n")
		if first != fmt.Sprintf("%s/%d", name, k) {
			t.Errorf("%s/%d got %q", name, k, first)
		}
	}
}
