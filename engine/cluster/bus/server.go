package bus

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"slbtui/engine/config"
)

const (
	readyPatience = 10 * time.Second // of a server that only opens sockets on this machine
	maxMessage    = 8 << 20          // bytes: an answer of another replica is a snapshot at the most
	maxStore      = 256 << 20        // bytes on disk
)

// embedded is the NATS server in this process. Replicas reach it on its cluster port; its clients' port, which it
// cannot do without, is one of this machine, and asks for a password that nobody else knows.
type embedded struct {
	*server.Server
	user, password string
}

// embed makes the server. It opens no socket yet.
func embed(c config.Cluster, name string) (*embedded, error) {
	if err := os.MkdirAll(c.Store, 0o700); err != nil {
		return nil, fmt.Errorf("cluster.store: %w", err)
	}
	if err := free(c.Listen); err != nil {
		return nil, err
	}
	host, port, err := hostPort(c.Listen)
	if err != nil {
		return nil, err
	}
	e := &embedded{user: "replica", password: rand.Text()}
	o := &server.Options{
		ServerName: name, Host: "127.0.0.1", Port: server.RANDOM_PORT, Username: e.user, Password: e.password,
		JetStream: true, StoreDir: c.Store, JetStreamMaxStore: maxStore, JetStreamMaxMemory: maxStore, MaxPayload: maxMessage,
		MaxClosedClients: 1, NoSigs: true, DisableJetStreamBanner: true, WriteDeadline: 2 * time.Second, SyncInterval: time.Second,
	}
	if others := c.Others(); len(others) > 0 {
		o.Cluster = server.ClusterOpts{Name: c.Fleet, Host: host, Port: port, Advertise: c.Advertise, NoAdvertise: true,
			ConnectRetries: 1 << 30, PoolSize: -1, PingInterval: 5 * time.Second, MaxPingsOut: 2}
		for _, p := range others {
			o.Routes = append(o.Routes, &url.URL{Scheme: "nats", Host: p})
		}
		if o.Cluster.TLSConfig, err = mutualTLS(c.TLS); err != nil {
			return nil, err
		}
		o.Cluster.TLSTimeout = 5
	}
	if e.Server, err = server.NewServer(o); err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	return e, nil
}

// start opens the sockets.
func (e *embedded) start() error {
	log := &complaints{}
	e.SetLoggerV2(log, false, false, false)
	go e.Start() // returns by itself; what it starts ends with stop
	if e.ReadyForConnections(readyPatience) {
		return nil
	}
	e.stop()
	if why := log.fatal(); why != nil {
		return fmt.Errorf("cluster: %w", why)
	}
	return errors.New("cluster: the NATS server in this process does not get ready; is cluster.store on a disk that is stuck?")
}

// stop ends the server and waits for it.
func (e *embedded) stop() {
	e.Shutdown()
	e.WaitForShutdown()
}

// free tells early and in plain words that an address is taken: the server would only log it.
func free(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("cluster.listen %s: %w; free the port or choose another", address, err)
	}
	return l.Close()
}

func hostPort(address string) (string, int, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	n, err := strconv.Atoi(port)
	return host, n, err
}

// complaints is the server's log, of which only what ends it is kept: all else is told by what follows from it.
type complaints struct {
	mu    sync.Mutex
	worst error
}

func (c *complaints) fatal() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.worst
}

// Fatalf implements server.Logger.
func (c *complaints) Fatalf(format string, v ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.worst = fmt.Errorf(format, v...)
}

// Noticef implements server.Logger.
func (*complaints) Noticef(string, ...any) {}

// Warnf implements server.Logger.
func (*complaints) Warnf(string, ...any) {}

// Errorf implements server.Logger.
func (*complaints) Errorf(string, ...any) {}

// Debugf implements server.Logger.
func (*complaints) Debugf(string, ...any) {}

// Tracef implements server.Logger.
func (*complaints) Tracef(string, ...any) {}
