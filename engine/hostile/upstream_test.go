package hostile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// recorder is an upstream that notes what arrives and answers with it.
type recorder struct {
	listener net.Listener
	served   sync.WaitGroup

	mu       sync.Mutex
	last     string // address of our own connection, with which close finds the end of the queue
	requests []arrived
	faults   []string // what could be read in two ways
}

func newRecorder() (*recorder, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	u := &recorder{listener: l}
	u.served.Go(u.accept)
	return u, nil
}

func (u *recorder) addr() string { return u.listener.Addr().String() }

// close waits until every client has ended its connections, those not yet accepted included: they
// stand in the queue before one of our own.
func (u *recorder) close() {
	u.mu.Lock()
	last, err := net.Dial("tcp", u.addr())
	if err == nil {
		u.last = last.LocalAddr().String()
	}
	u.mu.Unlock()
	if err == nil {
		_, _ = last.Read(make([]byte, 1)) // its end
		vanish(last)
	}
	_ = u.listener.Close()
	u.served.Wait()
}

func (u *recorder) accept() {
	for {
		c, err := u.listener.Accept()
		if err != nil {
			return
		}
		u.served.Go(func() {
			defer vanish(c)
			u.mu.Lock()
			last := c.RemoteAddr().String() == u.last
			u.mu.Unlock()
			if !last {
				u.serve(c)
			}
		})
	}
}

func (u *recorder) serve(c net.Conn) {
	r := bufio.NewReader(c)
	for {
		a, err := readStrict(r)
		var gone net.Error
		switch {
		case errors.Is(err, io.EOF), errors.As(err, &gone):
			return
		case errors.Is(err, errCutShort):
			a.cut = true
			u.note(a, "")
			return
		case err != nil:
			u.note(a, err.Error())
			return
		}
		u.note(a, "")
		answer := fmt.Sprintf("HTTP/1.1 200 OK\r\nX-Target: %q\r\nContent-Length: 2\r\n\r\n", a.target)
		if a.head[:5] != "HEAD " {
			answer += "ok"
		}
		if _, err := io.WriteString(c, answer); err != nil {
			return
		}
	}
}

func (u *recorder) note(a arrived, fault string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if a.target != "" {
		u.requests = append(u.requests, a)
	}
	if fault != "" {
		u.faults = append(u.faults, fault+" in "+fmt.Sprintf("%.300q", a.head))
	}
}

// take returns what arrived since it was last asked.
func (u *recorder) take() (requests []arrived, faults []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	requests, faults = u.requests, u.faults
	u.requests, u.faults = nil, nil
	return requests, faults
}
