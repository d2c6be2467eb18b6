package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"slbtui/engine/config"
	"slbtui/engine/front"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/socket"
	"slbtui/routing/proxy"
)

const filePeriod = time.Second // how often files are looked at for changes

// frontend is the clients' side of a run: where they come in, who answers them at the moment, and how they
// are shown out.
type frontend struct {
	journal  *journal
	listener net.Listener
	cert     *front.Certificate                  // nil without TLS; the control goroutine's
	config   atomic.Pointer[config.LoadBalancer] // of the moment
	handler  atomic.Pointer[proxy.Handler]       // of the moment, for the request path

	closing context.Context // ends when the proxy has, and with it the upgraded connections
	close   context.CancelFunc
	hurried context.Context // ends with hurry
	hurry   context.CancelFunc
	count   front.Connections
}

func newFrontend(j *journal) *frontend {
	f := &frontend{journal: j}
	f.closing, f.close = context.WithCancel(context.Background())
	f.hurried, f.hurry = context.WithCancel(context.Background())
	return f
}

// listen reads the certificate and opens the socket: at override, unless that is empty, else where the
// configuration says.
func (f *frontend) listen(cfg config.Config, override string) (err error) {
	lb := cfg.LoadBalancer
	if lb.TLS.On() {
		if f.cert, err = front.LoadCertificate("load_balancer.tls", lb.TLS); err != nil {
			return err
		}
	}
	if override != "" {
		if f.listener, err = socket.Listen(override); err != nil {
			return fmt.Errorf("--listen %s: %w; free the port or choose another", override, err)
		}
		return nil
	}
	if _, ok := config.Socket(lb.Host); ok {
		if f.listener, err = socket.Listen(lb.Host); err != nil {
			return fmt.Errorf("load_balancer.host: cannot listen on %s: %w; choose another path", lb.Host, err)
		}
		return nil
	}
	f.listener, err = net.Listen("tcp", net.JoinHostPort(lb.Host, strconv.Itoa(lb.Port)))
	if errors.Is(err, syscall.EADDRINUSE) && cfg.BuiltIn("load_balancer.port") {
		f.listener, err = net.Listen("tcp", net.JoinHostPort(lb.Host, "0"))
		if err == nil {
			f.journal.Event(metrics.EventWarning, fmt.Sprintf("port %d is taken: the balancer listens on %s", lb.Port, f.listener.Addr()))
		}
	}
	if err != nil {
		return busy(cfg, "load_balancer.port", lb.Host, lb.Port, err)
	}
	return nil
}

// addr is where it listens, HOST:PORT or unix:/path, "" before it does.
func (f *frontend) addr() string {
	if f.listener == nil {
		return ""
	}
	return socket.Address(f.listener.Addr())
}

// state is how many clients are there.
func (f *frontend) state() live.Front {
	return live.Front{Listen: f.addr(), Connections: f.count.Open(), Accepted: f.count.Accepted()}
}

// lead sends requests to a handler from now on, and goes by its configuration.
func (f *frontend) lead(to *proxy.Handler, lb config.LoadBalancer) {
	f.config.Store(&lb)
	f.handler.Store(to)
}

// serve lets clients in until ctx is done, then drains.
func (f *frontend) serve(ctx context.Context) error {
	lb := f.config.Load()
	err := front.Serve(ctx, f.listener, f, front.Options{
		Front: lb.ChosenFront(), Current: f.handler.Load,
		Limits: lb.ClientLimits, Certificate: f.cert, Count: &f.count, Drain: f.drain,
	})
	f.close() // ends upgraded connections, which the front no longer knows
	f.handler.Load().Retire()
	return err
}

// ServeHTTP sends a request to the handler of the moment.
func (f *frontend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.handler.Load().ServeHTTP(w, r)
}

// drain announces the end, and then gives requests in flight their time.
func (f *frontend) drain() (context.Context, context.CancelFunc) {
	f.announceDrain()
	return context.WithTimeout(f.hurried, f.config.Load().DrainTimeout)
}

// announceDrain makes the balancer's own health answer 503 for the configured time, while it still
// serves: whatever sends traffic here notices, and no client finds a closed port.
func (f *frontend) announceDrain() {
	f.handler.Load().Drain()
	if d := f.config.Load().DrainDelay; d > 0 {
		f.journal.Event(metrics.EventEngine, "draining: unhealthy for "+d.String()+", then closed")
		select {
		case <-time.After(d):
		case <-f.hurried.Done():
		}
	}
}

// certify takes other files for the certificate. On an error it keeps the one it has.
func (f *frontend) certify(tls config.TLS) error {
	if f.cert == nil {
		return nil
	}
	return f.cert.Use(tls)
}

// refresh reads the certificate again if its files have changed.
func (f *frontend) refresh() error {
	if f.cert == nil || !f.cert.Changed() {
		return nil
	}
	tls := f.config.Load().TLS
	if err := f.cert.Use(tls); err != nil {
		f.journal.Event(metrics.EventWarning, "the certificate of before is kept: "+err.Error())
		return err
	}
	f.journal.Event(metrics.EventConfig, "new certificate from "+tls.CertFile)
	return nil
}

// watchCertificate asks for the certificate to be read again, now and then.
func (e *Engine) watchCertificate(ctx context.Context) error {
	ticker := time.NewTicker(filePeriod)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_ = e.Do(ctx, live.RefreshCertificate{}) // its failure is an event
		case <-ctx.Done():
			return nil
		}
	}
}
