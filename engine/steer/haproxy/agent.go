package haproxy

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

const (
	maxAsking    = 256             // connections at a time: HAProxy asks once a second a server
	askPatience  = time.Second / 2 // for what a check says: HAProxy waits no longer than agent-inter
	maxAskBytes  = 512
	acceptPauses = 50 * time.Millisecond
)

// Agent answers HAProxy's agent checks: each server's asks with its name (agent-send "NAME\n") and gets its weight in
// per cent of the configured one. It is safe for concurrent use.
type Agent struct {
	listener net.Listener
	answer   func(said string) string
}

// ListenAgent opens the agent's address. Run answers what a check has said; with "" nothing changes.
func ListenAgent(ctx context.Context, address string, answer func(said string) string) (*Agent, error) {
	var l net.ListenConfig
	listener, err := l.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for agent checks: %w", err)
	}
	return &Agent{listener, answer}, nil
}

// Ready is the answer that gives a server so many per cent of its configured weight.
func Ready(percent int) string { return fmt.Sprintf("up ready %d%%", percent) }

// Addr is where it listens.
func (a *Agent) Addr() string { return a.listener.Addr().String() }

// Run answers until ctx ends, and then closes the address.
func (a *Agent) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = a.listener.Close() })
	defer stop()
	var asking sync.WaitGroup
	defer asking.Wait()
	places := make(chan struct{}, maxAsking)
	for {
		c, err := a.listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = c.Close()
			}
			return nil
		case err != nil: // no descriptors, for one: the next may come
			select {
			case <-time.After(acceptPauses):
			case <-ctx.Done():
			}
			continue
		}
		select {
		case places <- struct{}{}:
			asking.Go(func() {
				defer func() { <-places }()
				a.serve(ctx, c)
			})
		default:
			_ = c.Close()
		}
	}
}

func (a *Agent) serve(ctx context.Context, c net.Conn) {
	defer func() { _ = c.Close() }() // it was answered, or not
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	_ = c.SetDeadline(time.Now().Add(askPatience)) // a socket just accepted takes one
	said, _ := bufio.NewReader(io.LimitReader(c, maxAskBytes)).ReadString('\n')
	said = strings.TrimSuffix(strings.TrimSpace(said), `\n`) // HAProxy takes it for two characters within quotes
	_ = c.SetDeadline(time.Now().Add(askPatience))
	if answer := a.answer(short(said)); answer != "" {
		_, _ = io.WriteString(c, answer+"\n") // whoever asks again is answered again
	}
}
