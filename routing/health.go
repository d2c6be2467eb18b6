package routing

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"slbtui/routing/transport"
)

// maxHealthBody is how much of a health answer is read, in bytes.
const maxHealthBody = 64 << 10

// HealthOptions holds what NewHealth can do without.
type HealthOptions struct {
	// OnChange is told when a server goes out of use or comes back, and why. It is called
	// from a poller or from a request's goroutine and must not block.
	OnChange func(Change)
	// Seed is that of the jitter.
	Seed uint64
	// Dial connects to an upstream; nil means TCP.
	Dial transport.DialFunc
	// UpstreamTLS verifies upstreams with an https URL; nil asks the system's authorities.
	UpstreamTLS *tls.Config
}

// Health polls the upstreams of a pool, each as its HealthConfig says; redirects are not followed. A JSON body may carry "cpu_utilization" (percent) and "health_status".
//
// Every server starts up, but until its first good poll a single failure takes it out (see
// DefaultHealthConfig for the counts that hold afterwards).
type Health struct {
	pool     *Pool
	interval time.Duration
	opts     HealthOptions
}

// NewHealth makes a poller of p. Every server is polled once per interval (its own, where it has one), give or
// take a tenth, so that many balancers do not fall into step. An interval of 0 or less means one second.
func NewHealth(p *Pool, interval time.Duration, opts HealthOptions) *Health {
	if interval <= 0 {
		interval = time.Second
	}
	if opts.OnChange != nil {
		p.onChange.Store(&opts.OnChange)
	}
	return &Health{pool: p, interval: interval, opts: opts}
}

// client asks one upstream.
func (h *Health) client(u *upstream, polls *HealthConfig) *http.Client {
	t := transport.NewLibrary(polls.Timeout, transport.Dialer(u.url, h.opts.Dial), h.opts.UpstreamTLS)
	t.DisableKeepAlives = true // each poll asks what a new client would find
	return &http.Client{
		Transport:     t,
		Timeout:       polls.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Run polls until ctx is done, each upstream from a goroutine of its own, and returns when all
// have ended. The error is nil unless a poller panicked. Those with an empty path are not polled.
func (h *Health) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { // also where there is nobody to poll
		<-ctx.Done()
		return nil
	})
	for i, u := range h.pool.upstreams {
		polls := u.polling()
		if polls.Path == "" {
			continue
		}
		g.Go(func() (err error) {
			defer func() {
				if v := recover(); v != nil {
					err = fmt.Errorf("health polling of %s: panic: %v\n%s", u.id, v, debug.Stack())
				}
			}()
			h.poll(ctx, i, u, &polls)
			return nil
		})
	}
	return g.Wait()
}

func (h *Health) poll(ctx context.Context, i int, u *upstream, polls *HealthConfig) {
	rng, client := rand.New(rand.NewPCG(h.opts.Seed, uint64(i))), h.client(u, polls)
	interval := cmp.Or(polls.Interval, h.interval)
	for {
		c, lacks := ask(ctx, client, u, polls)
		switch {
		case ctx.Err() != nil:
			return // the answer, if any, is about our leaving
		case lacks != 0:
			h.pool.Lacks(lacks) // the server is as it was
		default:
			h.pool.Polled(i, c)
		}
		jitter := 0.9 + 0.2*rng.Float64()
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(jitter * float64(interval))):
		}
	}
}

// polling is how the server is polled, as of now.
func (u *upstream) polling() HealthConfig {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.polls
}

// ask makes one poll, or tells what we lacked for it.
func ask(ctx context.Context, client *http.Client, u *upstream, polls *HealthConfig) (c Poll, lacks syscall.Errno) {
	c.CPU = -1
	target, err := transport.Spoken(u.url).Parse(polls.Path) // on the server itself, whatever path its URL has
	if err != nil {
		c.Reason = fmt.Sprintf("health check cannot be asked: %v", err)
		return c, 0
	}
	if polls.Port != 0 && transport.Spoken(u.url) == u.url { // there is but one server behind a socket
		target.Host = net.JoinHostPort(u.url.Hostname(), strconv.Itoa(polls.Port))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		c.Reason = fmt.Sprintf("health check cannot be asked: %v", err)
		return c, 0
	}
	req.Header.Set("User-Agent", "slbtui-health")
	for name, value := range polls.Headers {
		req.Header.Set(name, value)
	}
	req.Host = polls.Host
	res, err := client.Do(req)
	if err != nil {
		c.Reason = "health check got no answer: " + rootCause(err).Error()
		return c, Shortage(err)
	}
	defer func() { _ = res.Body.Close() }()
	c.Answered = true
	c.Good = polls.good(res.StatusCode)
	c.Reason = fmt.Sprintf("health check of %s: %s", req.URL.EscapedPath(), res.Status)
	c.readBody(res.Body)
	return c, 0
}

// readBody picks up what our simulated servers tell of themselves. Any other body is fine too.
func (c *Poll) readBody(r io.Reader) {
	var said struct {
		CPU    *float64 `json:"cpu_utilization"`
		Status string   `json:"health_status"`
	}
	if json.NewDecoder(io.LimitReader(r, maxHealthBody)).Decode(&said) != nil {
		return
	}
	if said.CPU != nil {
		c.CPU = min(max(*said.CPU, 0), 100)
	}
	c.Said = said.Status
}

// rootCause strips the layers that repeat the method, the URL and the address.
func rootCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
