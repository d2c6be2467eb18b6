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
	e       *exchange
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
	waited := e.client.ofAttempt()
	e.Header = e.decision.Age()
	o.Latency = max(0, e.Header-waited)
	rest := routing.SettleAfter(o.Latency)
	e.decision.Begun(rest)
	e.settling = settling{Reader: body, e: e, outcome: o, due: e.h.cfg.Pool.Now() + rest, waited: waited}
	return &e.settling
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
	now := s.e.h.cfg.Pool.Now()
	if now < s.due || now-(s.e.client.ofAttempt()-s.waited) < s.due {
		return
	}
	s.settled = true
	o := s.e.judged(s.outcome)
	o.Now, o.Latency = now, s.outcome.Latency
	s.e.Outcome = s.e.decision.Answered(o)
}
