package engine

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What a soakServer may suffer.
const (
	soakWell   = iota
	soakFails  // answers 500 at once
	soakResets // cuts the connection before the answer
	soakBreaks // cuts it within the answer
	soakStalls // holds requests until the fault is over
	soakSlow   // takes five times as long
	soakCrash  // closes its port, cuts all connections
	soakFaults
)

// soakServer is a server of a few workers that repeats each request's id in its answer, and counts
// how often each request reached it or its fellows.
type soakServer struct {
	addr    string
	service time.Duration
	workers chan struct{}
	fault   atomic.Pointer[soakFault]
	arrived []atomic.Uint32 // by id; shared
	server  *http.Server
	ended   chan error
}

type soakFault struct {
	kind int
	over chan struct{}
}

func newSoakServer(t *testing.T, service time.Duration, workers int, arrived []atomic.Uint32) *soakServer {
	s := &soakServer{addr: "127.0.0.1:0", service: service, workers: make(chan struct{}, workers), arrived: arrived}
	s.fault.Store(&soakFault{})
	s.listen(t)
	return s
}

func (s *soakServer) listen(t *testing.T) {
	var l net.Listener
	require.Eventually(t, func() (ok bool) {
		var err error
		l, err = net.Listen("tcp", s.addr)
		return err == nil
	}, 10*time.Second, time.Millisecond, "the port is not free again")
	s.addr = l.Addr().String()
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	s.server, s.ended = server, make(chan error, 1)
	go func(ended chan error) { ended <- server.Serve(l) }(s.ended)
}

func (s *soakServer) close() {
	_ = s.server.Close()
	<-s.ended
}

// suffer lets the server suffer one kind of fault for d.
func (s *soakServer) suffer(t *testing.T, kind int, d time.Duration) {
	f := &soakFault{kind: kind, over: make(chan struct{})}
	s.fault.Store(f)
	if kind == soakCrash {
		s.close()
	}
	wait(t.Context(), d)
	if kind == soakCrash {
		s.listen(t)
	}
	s.fault.Store(&soakFault{})
	close(f.over)
}

func (s *soakServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/health" {
		return
	}
	id := r.Header.Get("X-Id")
	body, err := io.ReadAll(r.Body)
	n, bad := strconv.Atoi(id)
	if err != nil || bad != nil || n < 0 || n >= len(s.arrived) {
		http.Error(w, "not one of ours", http.StatusBadRequest)
		return
	}
	s.arrived[n].Add(1)
	f, service := s.fault.Load(), s.service
	w.Header().Set("X-Id", id)
	switch f.kind {
	case soakFails:
		http.Error(w, "injected", http.StatusInternalServerError)
		return
	case soakResets:
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = c.(*net.TCPConn).SetLinger(0)
			_ = c.Close()
		}
		return
	case soakBreaks:
		w.Header().Set("Content-Length", "100000")
		_, _ = fmt.Fprintf(w, "%s:", id)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case soakStalls:
		select {
		case <-f.over:
		case <-r.Context().Done():
			return
		}
	case soakSlow:
		service *= 5
	}
	select {
	case s.workers <- struct{}{}:
	case <-r.Context().Done():
		return
	}
	defer func() { <-s.workers }()
	if wait(r.Context(), service) {
		answer := fmt.Sprintf("%s:%s%s", id, body, soakPadding(id))
		if n%4 > 0 { // others are chunked where they are long
			w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		}
		_, _ = io.WriteString(w, answer)
	}
}

// wait returns after d, or false when ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func between0and(rng *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(d)))
}
