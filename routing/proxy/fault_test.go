package proxy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// What the fault tests share. Each kind of fault has a file of its own, and asks the same: does
// the request that may be repeated arrive, is the one that may not be sent twice sent once, and
// is nothing left behind.

// witness counts the requests that reached a server, by their id.
type witness struct {
	mu  sync.Mutex
	ids map[string]int
}

func (w *witness) saw(r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids[r.Header.Get("X-Id")]++
}

func (w *witness) count(id string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ids[id]
}

// faultyUpstream lets serve ruin each connection once a whole request has arrived on it.
func faultyUpstream(t testing.TB, serve func(c *net.TCPConn, r *http.Request)) (url string, w *witness) {
	t.Helper()
	w = &witness{ids: map[string]int{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer func() { _ = c.Close() }()
				r, err := http.ReadRequest(bufio.NewReader(c))
				if err != nil {
					return
				}
				if _, err = io.Copy(io.Discard, r.Body); err == nil {
					w.saw(r)
					serve(c.(*net.TCPConn), r)
				}
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return "http://" + l.Addr().String(), w
}

// soundUpstream answers each request with its body.
func soundUpstream(t testing.TB) (url string, w *witness) {
	t.Helper()
	w = &witness{ids: map[string]int{}}
	return upstreamOf(t, w.echo), w
}

// echo answers a request with its body.
func (w *witness) echo(rw http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.saw(r)
	_, _ = rw.Write(b)
}

// faultRig is a proxy before a faulty server, which is always tried first, and a sound one.
func faultRig(t testing.TB, cfg Config, serve func(c *net.TCPConn, r *http.Request)) (g *rig, bad, good *witness) {
	t.Helper()
	noLeaks(t)
	badURL, bad := faultyUpstream(t, serve)
	goodURL, good := soundUpstream(t)
	return newRig(t, cfg, badURL, goodURL), bad, good
}

// send makes one request and returns its status, 0 when the response broke off.
func (g *rig) send(method, id string) (status int) {
	g.t.Helper()
	var b io.Reader
	payload := []byte(id + strings.Repeat(".", 1000))
	if method == http.MethodPut || method == http.MethodPost {
		b = bytes.NewReader(payload)
	}
	req, err := http.NewRequestWithContext(g.t.Context(), method, g.url, b)
	require.NoError(g.t, err)
	req.Header.Set("X-Id", id)
	res, err := g.client.Do(req)
	if err != nil {
		return 0
	}
	got, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		return 0
	}
	if b != nil && res.StatusCode == http.StatusOK {
		require.Equal(g.t, string(payload), string(got), "the whole body arrives, also on a second try")
	}
	return res.StatusCode
}

// sendEach makes one request of each method and asks for its status, and for how often each server saw it.
func (g *rig) sendEach(bad, good *witness, want map[string][3]int) {
	g.t.Helper()
	for method, w := range want {
		id := fmt.Sprintf("%s %s", g.t.Name(), method)
		got := [3]int{g.send(method, id), bad.count(id), good.count(id)}
		require.Equal(g.t, w, got, "%s: status, seen by the faulty server, seen by the sound one", method)
	}
}

// noLeaks asks, after all else in the test has been closed, for the goroutines and descriptors of now.
func noLeaks(t testing.TB) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // the first socket ever opens descriptors of the runtime's
	require.NoError(t, err)
	require.NoError(t, l.Close())
	goroutines, files := goleak.IgnoreCurrent(), openFiles()
	t.Cleanup(func() {
		goleak.VerifyNone(t, goroutines)
		require.Eventually(t, func() bool { return openFiles() <= files }, 10*time.Second, time.Millisecond, "descriptors are left behind")
	})
}

// openFiles counts descriptors, where the system tells.
func openFiles() int {
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(all)
}
