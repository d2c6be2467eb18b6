package loadgen

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// MaxRate is the highest rate that can be asked for, in requests per second.
const MaxRate = 1e6

// maxUsers is the largest closed loop: each user has a goroutine and a connection.
const maxUsers = 100_000

// Config says what to send, where and when. Zero values take the defaults named.
type Config struct {
	URL      string        // target of every request, http:// or https://; a name and password in it become Basic authentication
	Method   string        // default GET
	Header   http.Header   // of every request; Host goes where net/http wants it
	Body     []byte        // of every request, at most 8 MiB
	Paths    []Path        // drawn from by weight, each relative to URL; none: URL itself
	Rate     float64       // requests per second, at most MaxRate; at 0 nothing is due until SetRate
	Arrivals string        // Poisson (default) or Constant
	Shape    Shape         // multiplies Rate over time; default Steady
	Paused   bool          // until SetPaused lets the arrivals go on
	Duration time.Duration // from Run's start, time paused included; 0: until Run's context ends
	// Schedule, if any, says when requests are due, in place of Rate, Arrivals and Shape.
	Schedule Schedule
	// Users, above 0, makes a closed loop of so many users, in place of Rate, Arrivals, Shape and
	// Schedule: each waits for its answer, then for Think (at least 0.1 s when there was none), before it sends the next request. A
	// request is due when it is sent. MaxInFlight has no effect.
	Users       int
	Think       time.Duration
	MaxInFlight int           // default 1000; requests due beyond it are dropped and counted
	Timeout     time.Duration // of one request, from its sending to the end of the body; default 10 s
	// Until is what Timeout and Result.Done are about; default AnswerEnd.
	Until Until
	// Drain is how long Run waits for the requests in flight after the end; default 2 s. Those
	// left are cancelled, and counted as cancelled.
	Drain time.Duration
	Seed  uint64
	// TLS says how certificates of an https:// target are verified; nil asks the system. It has no effect
	// beside a Transport.
	TLS *tls.Config
	// Transport sends the requests. It must heed their contexts, which end at the timeout but show
	// no deadline, and leave a request alone once its response's body is closed, for it is sent
	// again. The default (NewTransport) speaks HTTP/1.1 and keeps up to MaxInFlight connections
	// alive until Run returns; one given is left as it is.
	Transport http.RoundTripper
	// Prepare, if any, may change a request before it is sent; it is the request's own copy. It is
	// called from many goroutines.
	Prepare func(seq uint64, r *http.Request)
	// OnSend, if any, is called when a request is sent, from many goroutines. What it returns
	// comes back as Result.Tag.
	OnSend func(seq uint64) (tag int)
	// OnGap, if any, is called when the generator has stood still, by the goroutine that sends. It must not take
	// long. A closed loop, which has no schedule to fall behind, tells of none.
	OnGap func(Gap)
	// OnResult, if any, is called once for each request sent, from many goroutines. The request
	// counts as in flight until it returns.
	OnResult func(Result)
}

// Until is the part of an answer that a client waits for.
type Until uint8

const (
	// AnswerEnd is the whole answer.
	AnswerEnd Until = iota
	// AnswerBegin is its header. The body is still read to its end, if that comes before the end of the run:
	// nobody is in a hurry, and what becomes of it is no part of the result.
	AnswerBegin
)

// withDefaults fills in what was left zero.
func (c Config) withDefaults() Config {
	if c.Method == "" {
		c.Method = http.MethodGet
	}
	if c.Arrivals == "" {
		c.Arrivals = Poisson
	}
	if c.Shape == nil {
		c.Shape = Steady{}
	}
	if c.MaxInFlight == 0 {
		c.MaxInFlight = 1000
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.Drain == 0 {
		c.Drain = 2 * time.Second
	}
	if c.OnSend == nil {
		c.OnSend = func(uint64) int { return 0 }
	}
	if c.OnGap == nil {
		c.OnGap = func(Gap) {}
	}
	if c.OnResult == nil {
		c.OnResult = func(Result) {}
	}
	return c
}

// validate says what is wrong with the first field that is out of range. Arrivals and Shape are
// checked by NewArrivals.
func (c Config) validate() error {
	u, err := url.Parse(c.URL)
	if err != nil {
		return fmt.Errorf("url: %w", withoutURL(err)) // it may hold a password
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		return fmt.Errorf("url: %q is not an http:// or https:// address with a host", withoutPassword(c.URL))
	}
	if c.ownArrivals() {
		if err := checkRate(c.Rate); err != nil {
			return err
		}
	}
	if c.Users < 0 || c.Users > maxUsers {
		return fmt.Errorf("users: %d is not within 0-%d", c.Users, maxUsers)
	}
	if c.Users > 0 && c.Schedule != nil {
		return errors.New("users: a closed loop has no schedule; use one of the two")
	}
	if c.MaxInFlight < 1 {
		return fmt.Errorf("max in flight: %d is not a number of requests, 1 or above", c.MaxInFlight)
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"duration", c.Duration}, {"timeout", c.Timeout}, {"drain", c.Drain}, {"think", c.Think}} {
		if d.value < 0 {
			return fmt.Errorf("%s: %v is negative", d.name, d.value)
		}
	}
	return nil
}

// withoutURL is what is wrong with an address, without the address.
func withoutURL(err error) error {
	var whole *url.Error
	if errors.As(err, &whole) {
		return whole.Err
	}
	return err
}

// withoutPassword is an address as it was written, but for its user and password. Without a scheme net/url takes
// them for something else, so that the last @ decides.
func withoutPassword(written string) string {
	end := strings.LastIndexByte(written, '@')
	if end < 0 {
		return written
	}
	scheme, _, found := strings.Cut(written[:end], "://")
	if !found {
		return "..." + written[end:]
	}
	return scheme + "://..." + written[end:]
}

// ownArrivals tells whether the generator makes the arrivals itself, from Rate, Arrivals and Shape.
func (c Config) ownArrivals() bool { return c.Users == 0 && c.Schedule == nil }

// checkRate fails on a rate that is not within [0, MaxRate].
func checkRate(rate float64) error {
	if !(rate >= 0 && rate <= MaxRate) {
		return fmt.Errorf("rate: %v is not within 0-%d requests per second", rate, int(MaxRate))
	}
	return nil
}
