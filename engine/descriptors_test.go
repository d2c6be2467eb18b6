//go:build unix

package engine

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
)

// moody is a server whose answers and connections end in every way there is. It answers a request with its path.
func moody(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	reset := func() {
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
		}
	}
	switch mood := rand.N(20); mood {
	case 0:
		reset()
	case 1: // in the middle
		w.Header().Set("Content-Length", "100000")
		_, _ = io.WriteString(w, strings.Repeat("x", 50_000))
		_ = http.NewResponseController(w).Flush()
		reset()
	case 2:
		w.Header().Set("Connection", "close")
		_, _ = io.WriteString(w, r.URL.Path)
	case 3:
		_ = http.NewResponseController(w).Flush() // chunks
		_, _ = io.WriteString(w, r.URL.Path)
	case 4:
		w.WriteHeader(http.StatusEarlyHints)
		_, _ = io.WriteString(w, r.URL.Path)
	case 5:
		<-time.After(300 * time.Millisecond) // longer than a loop has patience
		_, _ = io.WriteString(w, r.URL.Path)
	case 6:
		_, _ = io.WriteString(w, r.URL.Path+strings.Repeat("y", 200_000))
	default:
		_, _ = io.WriteString(w, r.URL.Path)
	}
}

// TestDescriptorsUnderStress lets clients and servers hang up in every way, servers come and go, and descriptors run
// out. Whoever gets an answer gets his own, and nothing is left open.
func TestDescriptorsUnderStress(t *testing.T) {
	urls := []string{upstream(t, moody), upstream(t, moody), upstream(t, moody)}
	cfg := serveConfig(urls...)
	cfg.Outlier = config.Default().Outlier
	cfg.Outlier.Consecutive, cfg.Outlier.FailureShare = 0, 0
	e := start(t, cfg, Options{ServeOnly: true})
	files := soakFiles()

	var clients sync.WaitGroup
	var answered atomic.Int64
	for id := range 20 {
		clients.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(id), 1))
			for n := range 25 {
				if impolite(e.Addr(), fmt.Sprintf("/%d-%d-", id, n), rng) {
					answered.Add(1)
				}
			}
		})
	}
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	defer func() { require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)) }()
	for n := range 10 {
		next := cfg
		next.Servers = append([]config.Server(nil), cfg.Servers[n%3:]...)
		require.NoError(t, e.Reconfigure(t.Context(), next))
		if n%3 == 0 {
			scarce := limit
			scarce.Cur = uint64(soakFiles() + n)
			require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &scarce))
		}
		<-time.After(30 * time.Millisecond)
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit))
	}
	clients.Wait()
	require.NotZero(t, answered.Load())
	require.Eventually(t, func() bool { return soakFiles() <= files+6 }, 30*time.Second, 10*time.Millisecond, "connections to servers are kept for 4 s, clients' not at all")
	require.Eventually(t, func() bool {
		return !slices.ContainsFunc(e.Snapshot().Servers, func(s live.Server) bool { return s.InFlight > 0 })
	}, 30*time.Second, 10*time.Millisecond, "requests stay in flight")
}

// impolite asks for paths that nobody else asks for, and leaves in one of many ways. It tells whether all that
// came back was his.
func impolite(address, path string, rng *rand.Rand) bool {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	if rng.IntN(5) == 0 {
		_ = c.(*net.TCPConn).SetLinger(0) // it ends by a reset
	}
	var b strings.Builder
	asked := 1 + rng.IntN(4)
	for i := range asked {
		fmt.Fprintf(&b, "POST %s%d HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n", path, i)
		if rng.IntN(8) == 0 {
			b.WriteString("X_Odd: yes\r\n")
		}
		b.WriteString("\r\nhi")
	}
	text := b.String()
	cut := rng.IntN(4) == 0
	if cut {
		text = text[:rng.IntN(len(text))]
	}
	if _, err := io.WriteString(c, text); err != nil || cut && rng.IntN(2) == 0 {
		return false
	}
	if cut {
		_ = c.SetDeadline(time.Now().Add(100 * time.Millisecond))
	}
	switch rng.IntN(6) {
	case 0:
		return false
	case 1:
		_ = c.(*net.TCPConn).CloseWrite()
	case 2:
		<-time.After(time.Duration(rng.IntN(5)) * time.Millisecond)
		return false
	}
	r := bufio.NewReader(c)
	for i := range asked {
		res, err := http.ReadResponse(r, nil)
		for err == nil && res.StatusCode < http.StatusOK {
			res, err = http.ReadResponse(r, nil)
		}
		if err != nil {
			return false
		}
		got, err := io.ReadAll(res.Body)
		if err != nil {
			return false
		}
		if want := path + strconv.Itoa(i); res.StatusCode == http.StatusOK && !strings.HasPrefix(string(got), want) && !strings.HasPrefix(string(got), "x") {
			panic(fmt.Sprintf("asked for %s, got %.100q", want, got))
		}
	}
	return true
}
