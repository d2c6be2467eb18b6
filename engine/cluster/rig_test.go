package cluster

import (
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/engine/config"
	"slbtui/engine/live"
)

const patience = time.Minute // of a busy machine

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// balancer is an engine that does what it is told, and remembers what was said.
type balancer struct {
	mu    sync.Mutex
	snap  live.Snapshot
	notes []string
	told  live.Others
	table string
}

func newBalancer() *balancer {
	return &balancer{snap: live.Snapshot{
		Seq: 1, Policy: "round_robin", RL: "q_factored", Shadow: "auto", State: live.RunRunning, Program: "test", Listen: "127.0.0.1:80",
		Servers:  []live.Server{{ID: "server1", State: live.ServerOK}, {ID: "10.0.0.2:80", State: live.ServerOK}},
		Learners: []live.Learner{{Name: "q_factored", Params: []live.Param{{Name: "epsilon", Value: 0.1}}}},
	}}
}

func (b *balancer) Snapshot() *live.Snapshot {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.snap
	s.Servers = slices.Clone(s.Servers)
	return &s
}

func (b *balancer) Do(_ context.Context, cmd live.Command) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch c := cmd.(type) {
	case live.Note:
		b.notes = append(b.notes, c.Text)
	case live.SetPolicy:
		if c.Name == "nonsense" {
			return fmt.Errorf("no such policy")
		}
		b.snap.Policy = c.Name
	case live.ToggleRL:
		b.snap.Policy = b.snap.RL
	case live.SetLearner:
		b.snap.RL = c.Name
	case live.SetParam:
		b.snap.Learners = []live.Learner{{Name: "q_factored", Params: []live.Param{{Name: c.Param, Value: c.Value}}}}
	case live.DrainServer:
		for i := range b.snap.Servers {
			if s := &b.snap.Servers[i]; s.ID == c.Server {
				s.State = live.ServerOK
				if c.Drain {
					s.State = live.ServerDraining
				}
				return nil
			}
		}
		return fmt.Errorf("no server %q", c.Server)
	case live.Others:
		b.told = c
	case live.SaveTable:
		c.To.WriteString(b.table)
	case live.LoadTable:
		b.table = string(c.From)
	}
	return nil
}

func (b *balancer) heard() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.notes, "\n")
}

// link is a way between two replicas that can be cut.
type link struct {
	to       string
	listener net.Listener
	mu       sync.Mutex
	down     bool
	open     []net.Conn
	done     sync.WaitGroup
}

func newLink(t *testing.T, to string) *link {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	k := &link{to: to, listener: l}
	k.done.Go(k.serve)
	t.Cleanup(func() {
		_ = l.Close()
		k.set(true)
		k.done.Wait()
	})
	return k
}

func (k *link) serve() {
	for {
		from, err := k.listener.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", k.to)
		if err != nil || !k.keep(from, to) {
			_ = from.Close()
			if err == nil {
				_ = to.Close()
			}
			continue
		}
		for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
			k.done.Go(func() {
				_, _ = io.Copy(way[0], way[1])
				_ = way[0].Close()
				_ = way[1].Close()
			})
		}
	}
}

func (k *link) keep(conns ...net.Conn) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.down {
		k.open = append(k.open, conns...)
	}
	return !k.down
}

func (k *link) set(down bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.down = down
	if down {
		for _, c := range k.open {
			_ = c.Close()
		}
		k.open = nil
	}
}

// replicas is a fleet in this process.
type replicas struct {
	t        *testing.T
	configs  []config.Cluster
	links    [][]*link
	engines  []*balancer
	clusters []*Cluster
	ends     []func()
}

// newReplicas makes a fleet that nobody has started.
func newReplicas(t *testing.T, n int) *replicas {
	f := &replicas{t: t, engines: make([]*balancer, n), clusters: make([]*Cluster, n), ends: make([]func(), n)}
	for i := range n {
		f.configs = append(f.configs, config.Cluster{Name: fmt.Sprintf("r%d", i), Fleet: "test", Listen: unused(t), Store: t.TempDir(), Advertise: "127.0.0.1:1"})
	}
	for i := range n {
		f.links = append(f.links, make([]*link, n))
		for j := range n {
			if i != j {
				f.links[i][j] = newLink(t, f.configs[j].Listen)
				f.configs[i].Peers = append(f.configs[i].Peers, f.links[i][j].listener.Addr().String())
			}
		}
	}
	t.Cleanup(func() {
		for i := range n {
			f.stop(i)
		}
	})
	return f
}

func unused(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}

// start begins a replica whose engine knows nothing.
func (f *replicas) start(i int) {
	f.engines[i] = newBalancer()
	c, err := Open(f.configs[i], f.engines[i])
	require.NoError(f.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	f.clusters[i] = c
	f.ends[i] = func() {
		cancel()
		require.NoError(f.t, <-done)
	}
}

func (f *replicas) startAll() {
	for i := range f.configs {
		f.start(i)
	}
	for i := range f.configs {
		f.ready(i)
		f.until("the bucket is open", func() bool { return f.fleet(i).Connected })
	}
	f.until("all know all", func() bool {
		for i := range f.configs {
			if len(f.fleet(i).Replicas) != len(f.configs) {
				return false
			}
		}
		return true
	})
}

func (f *replicas) ready(i int) {
	select {
	case <-f.clusters[i].Ready():
	case <-time.After(patience):
		f.t.Fatal("not ready")
	}
}

func (f *replicas) stop(i int) {
	if f.ends[i] != nil {
		f.ends[i]()
		f.ends[i] = nil
	}
}

// isolate cuts a replica off, or ends that.
func (f *replicas) isolate(i int, down bool) {
	for j := range f.configs {
		if i != j {
			f.links[i][j].set(down)
			f.links[j][i].set(down)
		}
	}
}

func (f *replicas) fleet(i int) *live.Fleet { return f.clusters[i].Snapshot().Fleet }

func (f *replicas) policy(i int) string { return f.engines[i].Snapshot().Policy }

func (f *replicas) order(i int, cmd live.Command) error {
	return f.clusters[i].Do(live.By(context.Background(), "alice"), cmd)
}

// obeyed gives an order where there is a leader, if not at once.
func (f *replicas) obeyed(i int, cmd live.Command) {
	f.t.Helper()
	var accepted live.Accepted
	if err := f.order(i, cmd); err != nil {
		require.ErrorAs(f.t, err, &accepted)
		require.Contains(f.t, accepted.Why, "leader")
	}
}

func (f *replicas) until(what string, there func() bool) {
	f.t.Helper()
	require.Eventually(f.t, there, patience, 20*time.Millisecond, what)
}

// leader is the replica that orders what is written.
func (f *replicas) leader() int {
	at := -1
	f.until("there is a leader", func() bool {
		for _, c := range f.clusters {
			name, err := c.bus.Leader(c.fleet + "-orders")
			if err != nil || name == "" {
				continue
			}
			at = slices.IndexFunc(f.configs, func(cfg config.Cluster) bool { return cfg.Name == name })
			return true
		}
		return false
	})
	return at
}

func containsAll(text string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}
