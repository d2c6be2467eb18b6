// Package bus is what replicas are told of each other over: NATS, as a server in this process or as one that there
// is already, with a bucket that keeps what was ordered in its order. It knows nothing of balancers. What waits takes
// a context and ends with it; Start and Stop own the server, the connection and their goroutines.
package bus

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"slbtui/engine/config"
)

const (
	connectTimeout = 2 * time.Second
	mostCopies     = 3
)

// Bus is one replica's connection with the others.
type Bus struct {
	cfg      config.Cluster
	name     string
	embedded *embedded // nil where there is a NATS elsewhere
	conn     *nats.Conn
	js       jetstream.JetStream
}

// Open makes the bus of a replica, and finds all that is wrong with its files and its address. Nothing runs yet.
func Open(cfg config.Cluster) (*Bus, error) {
	b := &Bus{cfg: cfg, name: cfg.Name}
	if b.name == "" {
		host, err := os.Hostname()
		if err != nil {
			return nil, fmt.Errorf("cluster.name: %w; give the replica a name", err)
		}
		b.name = nameOf(host, cfg.Listen)
	}
	if cfg.URL != "" {
		_, err := b.options()
		return b, err
	}
	var err error
	b.embedded, err = embed(cfg, b.name)
	return b, err
}

// nameOf makes a name of a host and what a replica on it listens on.
func nameOf(host, listen string) string {
	name := []byte(host)
	if _, port, err := hostPort(listen); err == nil {
		name = strconv.AppendInt(append(name, '-'), int64(port), 10)
	}
	for i, c := range name {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			name[i] = '-'
		}
	}
	return string(name)
}

// Name is that of the replica.
func (b *Bus) Name() string { return b.name }

// Expected is how many replicas there should be, 0 where only somebody else's NATS knows.
func (b *Bus) Expected() int {
	if b.embedded == nil {
		return 0
	}
	return len(b.cfg.Others()) + 1
}

// Start opens the sockets and connects. A NATS elsewhere that does not answer yet is no error: it is tried again.
func (b *Bus) Start() error {
	if b.embedded != nil {
		if err := b.embedded.start(); err != nil {
			return err
		}
	}
	err := b.connect()
	if err != nil {
		b.Stop()
	}
	return err
}

func (b *Bus) connect() (err error) {
	options, err := b.options()
	if err != nil {
		return err
	}
	if b.conn, err = nats.Connect(b.cfg.URL, options...); err != nil {
		return fmt.Errorf("cluster: connect to NATS: %w", err)
	}
	if b.js, err = jetstream.New(b.conn); err != nil {
		return fmt.Errorf("cluster: %w", err)
	}
	return nil
}

// options are those of the connection.
func (b *Bus) options() ([]nats.Option, error) {
	all := []nats.Option{
		nats.Name("slbtui " + b.name), nats.NoEcho(), nats.Timeout(connectTimeout), nats.MaxReconnects(-1),
		nats.ReconnectWait(500 * time.Millisecond), nats.PingInterval(2 * time.Second), nats.MaxPingsOutstanding(2),
		nats.ReconnectBufSize(-1), // what cannot be sent now is old by the time it can
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}),
	}
	if b.embedded != nil {
		return append(all, nats.InProcessServer(b.embedded), nats.UserInfo(b.embedded.user, b.embedded.password)), nil
	}
	tls, err := mutualTLS(b.cfg.TLS)
	if err != nil {
		return nil, err
	}
	if tls != nil {
		all = append(all, nats.Secure(tls))
	}
	if path := b.cfg.Credentials; path != "" {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("cluster.credentials: %w", err)
		}
		all = append(all, nats.UserCredentials(path))
	}
	return append(all, nats.RetryOnFailedConnect(true)), nil
}

// Stop ends all that Start began, and waits for it.
func (b *Bus) Stop() {
	if b.conn != nil {
		b.conn.Close()
	}
	if b.embedded != nil {
		b.embedded.stop()
	}
}

// Connected tells whether there is a NATS to speak to.
func (b *Bus) Connected() bool { return b.conn.IsConnected() }

// Flush waits until what was said has reached the server.
func (b *Bus) Flush(ctx context.Context) error { return b.conn.FlushWithContext(ctx) }

func (b *Bus) subject(what string) string { return "slbtui." + b.cfg.Fleet + "." + what }

// Say tells all other replicas, if they are there to hear it.
func (b *Bus) Say(what string, data []byte) error { return b.conn.Publish(b.subject(what), data) }

// Hear calls back with what others say, one at a time. It ends with Stop.
func (b *Bus) Hear(what string, hear func(data []byte)) error {
	_, err := b.conn.Subscribe(b.subject(what), func(m *nats.Msg) { hear(m.Data) })
	return err
}

// ErrNobody is what Ask returns where the replica is not there.
var ErrNobody = errors.New("it does not answer")

// Ask sends a question to one replica and waits for its answer.
func (b *Bus) Ask(ctx context.Context, replica string, question []byte) ([]byte, error) {
	m, err := b.conn.RequestWithContext(ctx, b.subject("ask."+replica), question)
	switch {
	case errors.Is(err, nats.ErrNoResponders), errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("replica %s: %w", replica, ErrNobody)
	case err != nil:
		return nil, fmt.Errorf("replica %s: %w", replica, err)
	}
	return m.Data, nil
}

// Answer calls back with questions to this replica, each in a goroutine of answer's own making.
func (b *Bus) Answer(answer func(question []byte, reply func([]byte))) error {
	_, err := b.conn.Subscribe(b.subject("ask."+b.name), func(m *nats.Msg) {
		answer(m.Data, func(data []byte) { _ = m.Respond(data) }) // who asked may have left
	})
	return err
}
