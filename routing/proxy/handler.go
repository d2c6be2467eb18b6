// Package proxy is the balancer as an http.Handler: an exchange with the client, attempts at upstreams that
// the router picks, what may be tried again, and the answer where there is none (a refusal).
//
// It knows nothing of learning, and keeps no upstream's state: that is routing's. Goroutines: none outlives
// its request but upgraded connections, which Handler.Close ends.
package proxy

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/transport"
)

// Config says how requests are proxied.
type Config struct {
	Pool   *routing.Pool
	Router *routing.Router
	// HealthPath is answered by the balancer itself; empty proxies every path.
	HealthPath string
	// ConnectTimeout bounds the connection to an upstream; 0 leaves it to the system.
	ConnectTimeout time.Duration
	// ConnectionAge bounds how long a connection to an upstream is kept for new requests: after it the
	// upstream's name is looked up again. 0 keeps it for as long as it is used.
	ConnectionAge time.Duration
	// RequestTimeout bounds the time from the pick to the response header. A request body that
	// still moves extends it. 0 waits for ever.
	RequestTimeout time.Duration
	// TotalTimeout bounds the time from the arrival of a request to the response header, with its wait
	// for a place and all attempts. A request body that still moves extends it. 0 sets no bound.
	TotalTimeout time.Duration
	// IdleTimeout bounds the silence within a response. 0 waits for ever; upgraded connections always do.
	IdleTimeout time.Duration
	// Retry says who gets a second chance.
	Retry routing.RetryConfig
	// Strategy names the routing strategy for HealthPath; nil means the policy's name.
	Strategy func() string
	// Observe is told of each request when it has ended, but for those to HealthPath. It must not block.
	Observe func(Exchange)
	// Dial connects to an upstream; nil means TCP.
	Dial transport.DialFunc
	// UpstreamTLS verifies upstreams with an https URL; nil asks the system's authorities.
	UpstreamTLS *tls.Config
	// Trusted are the proxies before this one: what their forwarding headers say is believed.
	Trusted []netip.Prefix
	// Body bounds what a client may upload.
	Body BodyLimits
	// Closing ends upgraded connections when it is done, as Close does; nil leaves it to Close. It lets
	// handlers that replace one another end together.
	Closing context.Context
	// NameRequests gives each request an X-Request-Id on its way, unless it has one.
	NameRequests bool
	// Name is this balancer's in the Via header: a request that comes back with it is answered 508. A
	// handler that takes over from another has the same. "" makes one up, as NewName does.
	Name string
}

// Exchange is one request as the balancer saw it.
type Exchange struct {
	Policy   string // who chose the server of the last attempt; "" when the request was refused before any choice
	Server   int    // index of that server, NoServer when there was none
	ServerID string // its id, or ""
	Start    time.Time
	Latency  time.Duration  // from Start to the last byte, all attempts together
	Status   int            // as sent to the client; 499 when the client left before there was one
	Outcome  policy.Outcome // of the last attempt
	Attempts int
	Retries  Retries // of Attempts, those after the first, by reason
	Request  Request // the client's; only during Observe
	ID       string  // X-Request-Id, with Config.NameRequests
	Bytes    int64   // of the response body sent to the client; an upgraded connection's are not counted
	Refusal  string  // why we answered instead of a server, "queue_full"; "" when one's answer was passed on

	// Of the last attempt, where there was one:
	Picked   time.Duration // when its server was chosen, since Start
	InFlight int           // at that server then, itself left out
	Header   time.Duration // from then until its response's header came; 0 when none came
	Upstream time.Duration // from then to the end, without what of it went by waiting for the client
	Waited   time.Duration // for the client, in all attempts: for its body, and until it took the response

	trusted []netip.Prefix
}

// Clients tells who asked: the address that the connection is from and, as far as that is a proxy which is
// trusted, the client behind it. Both are the same where nobody else is told of.
func (x *Exchange) Clients() (client, peer string) {
	peer = x.Request.Peer()
	return behind(peer, x.Request, x.trusted), peer
}

// Handler is the balancer as an http.Handler: it sends each request to the server that the router
// picks and streams the response back. The Host header goes to the upstream as the client sent
// it; redirects are the client's to follow. Upgraded connections end with Close.
type Handler struct {
	cfg       Config
	clients   []transport.Client // by server
	inBytes   bool               // all of them speak plain HTTP
	buffers   sync.Pool          // of *[]byte
	exchanges sync.Pool          // of *exchange
	retryOn   routing.RetryOn
	budget    *retryBudget
	via       via
	draining  atomic.Bool
	next      atomic.Pointer[Handler] // that has taken over
	closing   context.Context
	closeAll  context.CancelFunc
}

// New makes the proxy. Close it when its server has shut down. A Retry.On that ParseRetryOn
// refuses retries nothing.
func New(cfg Config) *Handler {
	h := &Handler{cfg: cfg, budget: newRetryBudget(cfg.Retry, cfg.Pool.Now())}
	if cfg.Name == "" {
		cfg.Name = NewName()
	}
	h.via = newVia(cfg.Name)
	h.retryOn, _ = routing.ParseRetryOn(cfg.Retry.On)
	if cfg.Closing == nil {
		cfg.Closing = context.Background()
	}
	h.closing, h.closeAll = context.WithCancel(cfg.Closing)
	h.clients = cfg.Pool.Clients(transport.Config{ConnectTimeout: cfg.ConnectTimeout, MaxAge: cfg.ConnectionAge, Dial: cfg.Dial, TLS: cfg.UpstreamTLS})
	h.inBytes = !slices.ContainsFunc(h.clients, func(c transport.Client) bool { return c.Plain == nil })
	h.exchanges.New = func() any { return newExchange(h) }
	h.buffers.New = func() any {
		b := make([]byte, 32<<10)
		return &b
	}
	if h.cfg.Strategy == nil {
		h.cfg.Strategy = func() string { return cfg.Router.Policy().Name() }
	}
	return h
}

// Drain makes HealthPath answer 503 "draining" from now on, so that whatever sends traffic here
// goes elsewhere. Requests are served as before, but each is the last of its connection: one that is
// closed when idle might be closed under a request on its way.
func (h *Handler) Drain() {
	h.draining.Store(true)
	if next := h.next.Load(); next != nil {
		next.Drain()
	}
}

// HandOver lets next, a handler of the next pool, take over the requests that still wait for a server.
// Those in flight and upgraded connections go on here.
func (h *Handler) HandOver(next *Handler) {
	h.next.Store(next)
	if h.draining.Load() {
		next.Drain()
	}
	h.cfg.Router.HandOver(next.cfg.Router)
	h.Retire()
}

// whose is the handler of a router: this one, or one that has taken over since.
func (h *Handler) whose(r *routing.Router) *Handler {
	for h.cfg.Router != r {
		h = h.next.Load() // is set before its router picks
	}
	return h
}

// Retire closes the idle connections to the upstreams. Requests in flight and upgraded connections go on.
func (h *Handler) Retire() {
	for _, c := range h.clients {
		c.CloseIdle()
	}
}

// Close ends upgraded connections, which no http.Server waits for, and closes the idle
// connections to the upstreams.
func (h *Handler) Close() {
	h.closeAll()
	h.Retire()
}

// ServeHTTP implements http.Handler. It panics with http.ErrAbortHandler, as that interface asks,
// when a response that has begun cannot be completed.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := newRequestBody(w, r, h.cfg.Body)
	if h.draining.Load() {
		w.Header().Set("Connection", "close") // on HTTP/2 the library says GOAWAY for it
	}
	if len(r.TransferEncoding) > 0 || !r.ProtoAtLeast(1, 1) {
		// It may have had a Content-Length as well, or in HTTP/1.0 a Transfer-Encoding: the library drops
		// them without a word. A proxy before us that went by those takes what follows for the same
		// request, so nothing may follow (RFC 9112, section 6.1).
		hangUp(w, r)
	}
	begun := begunOf(r.Context())
	switch f := h.refusal(r); {
	case begun != nil: // the handler of that time has let it in
		h.exchanges.Get().(*exchange).serve(w, r, body, begun)
	case f.status == http.StatusBadRequest || f.status == http.StatusLengthRequired:
		hangUp(w, r) // who wrote that may mean something else by what follows
		h.decline(w, r, f)
	case general(r):
		h.serveGeneral(w, r)
	case h.cfg.HealthPath != "" && r.URL.Path == h.cfg.HealthPath:
		h.serveHealth(w)
	case f.status != 0:
		h.decline(w, r, f)
	default:
		h.exchanges.Get().(*exchange).serve(w, r, body, nil)
	}
}

// serveHealth answers for the balancer: 503 "unhealthy" when there is no server for a request, "draining" when
// the balancer is about to go, so that whatever watches it sees what its clients would get; "degraded" when
// they get it from servers that are used only because too few others are left.
func (h *Handler) serveHealth(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	code, body := h.health()
	w.WriteHeader(code)
	_, _ = w.Write(body)
}

func (h *Handler) health() (code int, body []byte) {
	status, code := "healthy", http.StatusOK
	switch use := h.cfg.Pool.Use(); {
	case h.draining.Load():
		status, code = "draining", http.StatusServiceUnavailable
	case use == routing.UseNone:
		status, code = "unhealthy", http.StatusServiceUnavailable
	case use == routing.UseAny:
		status = "degraded"
	}
	body, err := json.Marshal(struct {
		Status   string `json:"status"`
		Strategy string `json:"routing_strategy"`
		Servers  int    `json:"servers_count"`
	}{status, h.cfg.Strategy(), len(h.clients)})
	if err != nil {
		panic(http.ErrAbortHandler) // two strings and a number always marshal
	}
	return code, append(body, '\n')
}
