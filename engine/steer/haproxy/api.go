// Package haproxy speaks with a running HAProxy: its Runtime API, to see how its servers are and to change weights, and
// its agent checks, which ask for weights. What it is told it doubts: answers are bounded, and what is not understood
// changes nothing.
//
// It decides nothing. Its one goroutine a connection is that of Agent.Run, which waits for them.
package haproxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"time"

	"slbtui/engine/printable"
)

const (
	patience   = 2 * time.Second // of a command
	maxAnswer  = 8 << 20         // bytes: of thousands of servers
	shownWords = 120             // of an answer that was not expected
)

// API is HAProxy's Runtime API: what "stats socket" opens. Each command has a connection of its own, as HAProxy ends
// it after one. It is safe for concurrent use.
type API struct{ network, address string }

// NewAPI takes the address as HAProxy's configuration or a shell would have it: /PATH, unix:/PATH, unix@/PATH,
// HOST:PORT or ipv4@HOST:PORT. It connects to nothing.
func NewAPI(address string) (API, error) {
	for _, prefix := range []string{"unix:", "unix@", "UNIX:", "tcp:", "ipv4@", "ipv6@", "TCP:"} {
		if rest, ok := strings.CutPrefix(address, prefix); ok {
			if prefix[0]|0x20 == 'u' {
				return API{"unix", rest}, nil
			}
			address = rest
			break
		}
	}
	if strings.Contains(address, "/") {
		return API{"unix", address}, nil
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return API{}, fmt.Errorf("%.200q is no socket (want the /PATH or HOST:PORT of HAProxy's stats socket)", address)
	}
	return API{"tcp", address}, nil
}

// String is the address.
func (a API) String() string { return a.address }

// Ask carries out one command and returns the answer without the blank lines around it.
func (a API) Ask(ctx context.Context, command string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var d net.Dialer
	c, err := d.DialContext(ctx, a.network, a.address)
	if err != nil {
		return "", a.unreachable(err)
	}
	defer func() { _ = c.Close() }() // what was asked has been answered, or has failed
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := io.WriteString(c, command+"\n"); err != nil {
		return "", fmt.Errorf("ask HAProxy at %s: %w", a.address, err)
	}
	answer, err := io.ReadAll(io.LimitReader(c, maxAnswer+1))
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("HAProxy at %s did not answer %q within %v", a.address, command, patience)
	case err != nil:
		return "", fmt.Errorf("ask HAProxy at %s: %w", a.address, err)
	case len(answer) > maxAnswer:
		return "", fmt.Errorf("what is at %s answers %q with more than %d MiB: is it HAProxy's stats socket?", a.address, command, maxAnswer>>20)
	}
	return strings.TrimSpace(string(answer)), nil
}

// unreachable says what to do about a socket that cannot be opened.
func (a API) unreachable(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no socket %s: is HAProxy running, with \"stats socket %s level admin\" in its global section?", a.address, a.address)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the socket %s is not for this user: be one of its group, or give it \"mode 660 group GROUP\" in HAProxy's global section", a.address)
	}
	return fmt.Errorf("HAProxy's socket %s: %w; is HAProxy running?", a.address, err)
}

// balances is what to do about one that takes no weights.
const balances = "weights can be steered under balance leastconn, roundrobin, random or a consistent hash"

// Refusal is HAProxy's answer to a command that it does not carry out.
type Refusal struct {
	Command, Answer string
	Advice          string // what to do
}

func (r Refusal) Error() string {
	text := fmt.Sprintf("HAProxy refused %q: %s", r.Command, short(r.Answer))
	if r.Advice != "" {
		text += "; " + r.Advice
	}
	return text
}

// set carries out a command that answers nothing when all is well.
func (a API) set(ctx context.Context, command string) error {
	answer, err := a.Ask(ctx, command)
	if err != nil || answer == "" {
		return err
	}
	r := Refusal{Command: command, Answer: answer}
	switch {
	case strings.Contains(answer, "Permission denied"):
		r.Advice = fmt.Sprintf("\"stats socket %s level admin\" in its global section lets it (or leave out --apply)", a.address)
	case strings.Contains(answer, "static LB algorithm"):
		r.Advice = balances
	}
	return r
}

// SetWeight gives a server the absolute weight, 0-256. A share of the configured one would be 0 where that is 1,
// which it is by default.
func (a API) SetWeight(ctx context.Context, backend, server string, weight int) error {
	return a.set(ctx, fmt.Sprintf("set server %s/%s weight %d", backend, server, weight))
}

// SetMaxConn limits the requests that HAProxy gives a server at once; 0 is no limit.
func (a API) SetMaxConn(ctx context.Context, backend, server string, most int) error {
	return a.set(ctx, fmt.Sprintf("set maxconn server %s/%s %d", backend, server, most))
}

// short is the beginning of an answer, in one line.
func short(answer string) string {
	line, _, _ := strings.Cut(answer, "\n")
	if len(line) > shownWords {
		line = line[:shownWords] + "..."
	}
	return printable.Line(line)
}
