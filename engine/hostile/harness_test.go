package hostile

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine"
	"slbtui/engine/config"
)

// probe goes behind every hostile request on its connection: whoever is out of step shows here.
const (
	probeTarget = "/probe"
	probe       = "GET /probe HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
)

// patience is how long a client waits for an end that the proxy should make.
const patience = 10 * time.Second

// answer is a final response, as the client read it.
type answer struct {
	status int
	target string // that the upstream saw, "" when the proxy answered by itself
}

// startProxy runs the real proxy before the upstream. Its timeouts are short, since many a hostile
// request never ends.
func startProxy(upstream string) (address string, stop func() error, err error) {
	cfg := config.Default()
	cfg.Servers = []config.Server{{ID: "u", URL: "http://" + upstream, Weight: 1}}
	cfg.LoadBalancer.Port, cfg.LoadBalancer.Front = 0, frontOfNow
	cfg.LoadBalancer.DrainTimeout = time.Millisecond
	cfg.LoadBalancer.ClientLimits.HeaderTimeout = 200 * time.Millisecond
	cfg.LoadBalancer.ClientLimits.BodyTimeout = 200 * time.Millisecond
	cfg.LoadBalancer.ClientLimits.IdleTimeout = 200 * time.Millisecond
	cfg.LoadBalancer.HealthPath, cfg.Health.Path = "", ""
	e, err := engine.New(cfg, engine.Options{ServeOnly: true, Seed: 1})
	if err != nil {
		return "", nil, err
	}
	if err := e.Listen(); err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	return e.Addr(), func() error { cancel(); return <-done }, nil
}

// send writes the bytes and a probe, and reads all that comes back.
func send(address, request string) ([]answer, error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer vanish(c)
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = io.WriteString(c, request+probe) // a proxy may hang up before the end
	}()
	got, err := readAnswers(c, strings.HasPrefix(request, "HEAD "))
	vanish(c)
	<-written
	return got, err
}

// vanish closes a connection that the other side has closed or is done with, so that none is left
// waiting: fuzzing would use up all ports.
func vanish(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}

func readAnswers(c net.Conn, head bool) (got []answer, err error) {
	r := bufio.NewReader(c)
	for {
		if _, err := r.Peek(1); err != nil {
			return got, timedOut(err)
		}
		req := &http.Request{Method: http.MethodGet}
		if head && len(got) == 0 {
			req.Method = http.MethodHead
		}
		res, err := http.ReadResponse(r, req)
		if err != nil {
			return got, fmt.Errorf("the proxy's answer cannot be read: %w", err)
		}
		if res.StatusCode < 200 {
			continue
		}
		a := answer{status: res.StatusCode}
		if quoted := res.Header.Get("X-Target"); quoted != "" {
			if a.target, err = strconv.Unquote(quoted); err != nil {
				return got, err
			}
		}
		got = append(got, a)
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return got, timedOut(err)
		}
	}
}

// timedOut keeps only the error of a proxy that does not end: a closed connection is an end.
func timedOut(err error) error {
	if t, ok := err.(net.Error); ok && t.Timeout() { //nolint:errorlint // a connection's own error
		return fmt.Errorf("no end within %v: %w", patience, err)
	}
	return nil
}

// verdict is what became of one hostile request.
type verdict struct {
	answers  []answer
	requests []arrived // without the probe
	probed   bool      // the probe was asked for, and answered as itself
	faults   []string
}

// judge sends a request through a proxy of its own, and looks at what arrived when the proxy has
// ended, so that nothing is still on its way.
func judge(t require.TestingT, request string) verdict {
	u, err := newRecorder()
	require.NoError(t, err)
	address, stop, err := startProxy(u.addr())
	require.NoError(t, err)
	got, sendErr := send(address, request)
	require.NoError(t, stop())
	u.close()
	require.NoError(t, sendErr)
	requests, faults := u.take()
	return judged(got, requests, faults)
}

// judged checks what holds whatever the request is: nothing upstream can be read in two ways, and
// answers come from requests in their order, so the connection is in step.
func judged(answers []answer, requests []arrived, faults []string) verdict {
	v := verdict{answers: answers, faults: faults}
	for _, a := range requests {
		if a.target == probeTarget && strings.Contains(strings.ToLower(a.head), "\r\nhost: h\r\n") && !v.probed {
			v.probed = true
		} else {
			v.requests = append(v.requests, a)
		}
	}
	next := 0
	for _, a := range answers {
		if a.target == "" {
			continue
		}
		for next < len(requests) && requests[next].target != a.target {
			next++ // given up without the upstream's answer
		}
		if next == len(requests) {
			v.faults = append(v.faults, "an answer to "+a.target+" out of order")
			break
		}
		next++
	}
	return v
}

func (v verdict) String() string {
	var s strings.Builder
	for _, a := range v.answers {
		fmt.Fprintf(&s, "%d ", a.status)
	}
	fmt.Fprintf(&s, "(%d upstream", v.whole())
	if cut := len(v.requests) - v.whole(); cut > 0 {
		fmt.Fprintf(&s, ", %d cut", cut)
	}
	if v.probed {
		s.WriteString(", probe")
	}
	return s.String() + ")"
}

// whole counts the requests that arrived upstream from beginning to end.
func (v verdict) whole() int {
	n := 0
	for _, a := range v.requests {
		if !a.cut {
			n++
		}
	}
	return n
}
