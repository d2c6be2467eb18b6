package proxy

import (
	"io"
	"net/http"
	"time"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// settling is the body of a response on its way to the client. It settles the attempt as soon as something
// comes after the time that routing.SettleAfter allows an answer that is no stream: from then on the
// policies know how long the answer took to begin, and its end only ends the count. A body that falls silent
// meanwhile is still waited for, and ages: that may be its server's doing. What its client takes its time to
// read does not make it a stream.
type settling struct {
	io.Reader
	c       *Course
	outcome policy.Outcome
	due     time.Duration // on the pool's clock, but for what is waited for the client
	waited  time.Duration // for the client until the header
	settled bool
}

// settles begins the time of a response whose header has just come, and returns its body, to be read.
func (e *exchange) settles(body io.Reader, o policy.Outcome) io.Reader {
	if body == http.NoBody {
		return body
	}
	e.Settles(o)
	e.settling.Reader = body
	return &e.settling
}

// Settles begins the time of a response, of this outcome so far, whose header has just come. Whoever reads its
// body says by Moved when some of it has come.
func (c *Course) Settles(o policy.Outcome) {
	waited := c.client.ofAttempt()
	c.Header = c.decision.Age()
	o.Latency = max(0, c.Header-waited)
	rest := routing.SettleAfter(o.Latency)
	c.decision.Begun(rest)
	c.settling = settling{c: c, outcome: o, due: c.h.cfg.Pool.Now() + rest, waited: waited}
}

// Moved tells that some of the body has come.
func (c *Course) Moved() {
	if !c.settling.settled {
		c.settling.look()
	}
}

// Read implements io.Reader.
func (s *settling) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err == nil && !s.settled {
		s.look()
	}
	return n, err
}

func (s *settling) look() {
	c := s.c
	now := c.h.cfg.Pool.Now()
	if now < s.due || now-(c.client.ofAttempt()-s.waited) < s.due {
		return
	}
	s.settled = true
	o := c.judged(s.outcome)
	o.Now, o.Latency = now, s.outcome.Latency
	c.Outcome = c.decision.Answered(o)
}
