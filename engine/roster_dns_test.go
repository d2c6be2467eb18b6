package engine

import (
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// name is a name in the DNS whose addresses change. Its answers hold for a second.
type name struct {
	mu        sync.Mutex
	addresses []string
	server    *dns.Server
	ended     chan error
}

func startName(t *testing.T, addresses ...string) (n *name, resolver string) {
	t.Helper()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	n = &name{addresses: addresses, ended: make(chan error, 1)}
	started := make(chan struct{})
	n.server = &dns.Server{PacketConn: udp, Handler: n, NotifyStartedFunc: func() { close(started) }}
	go func() { n.ended <- n.server.ActivateAndServe() }()
	<-started
	return n, udp.LocalAddr().String()
}

func (n *name) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, n.server.Shutdown())
	require.NoError(t, <-n.ended)
}

func (n *name) set(addresses ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.addresses = addresses
}

func (n *name) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m := new(dns.Msg)
	m.SetReply(r)
	for _, a := range n.addresses {
		if q := r.Question[0]; q.Qtype == dns.TypeA {
			m.Answer = append(m.Answer, &dns.A{Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}, A: net.ParseIP(a)})
		}
	}
	_ = w.WriteMsg(m)
}

// Addresses come and go under load: three, five, two; then an empty answer, and then none.
func TestServersOfANameComeAndGo(t *testing.T) {
	all := pods(t, 5)
	addresses := func(n int) (ips []string) {
		for _, p := range all[:n] {
			host, _, err := net.SplitHostPort(p.address)
			require.NoError(t, err)
			ips = append(ips, host)
		}
		return ips
	}
	_, port, err := net.SplitHostPort(all[0].address)
	require.NoError(t, err)
	number, err := strconv.Atoi(port)
	require.NoError(t, err)
	zone, resolver := startName(t, addresses(3)...)
	e := finding(t, config.Discovery{DNS: config.DNS{Name: "web.test", Port: number, Type: "A", Resolver: resolver}}, nil)
	clients := startClients(t, e)
	defer clients.stop(t)
	clients.shared(t, addressesOfPods(all[:3]))
	require.Equal(t, addressesOfPods(all[:3]), taking(e.Snapshot()))

	zone.set(addresses(5)...)
	clients.shared(t, addressesOfPods(all))

	zone.set(addresses(2)...)
	clients.shared(t, addressesOfPods(all[:2]))
	becomes(t, e, "two are left", func(s *live.Snapshot) bool { return len(s.Servers) == 2 })
	for _, p := range all[2:] {
		p.stop(t)
	}

	zone.set()
	becomes(t, e, "an empty answer is told", func(s *live.Snapshot) bool { return !s.Discovery.Up })
	zone.set(addresses(2)...)
	becomes(t, e, "and its end", func(s *live.Snapshot) bool { return s.Discovery.Up })
	zone.stop(t)
	becomes(t, e, "no answer is told", func(s *live.Snapshot) bool { return !s.Discovery.Up && s.Discovery.Failures > 1 })
	clients.shared(t, addressesOfPods(all[:2]))
	require.Equal(t, addressesOfPods(all[:2]), taking(e.Snapshot()), "nothing has changed")
	require.EqualValues(t, 3, e.Snapshot().Discovery.Changes)
	var warnings, gone int
	for _, ev := range e.Snapshot().Events {
		switch ev.Kind {
		case metrics.EventWarning:
			require.Contains(t, ev.Text, "servers are not found: dns web.test: ")
			require.Contains(t, ev.Text, "; the 2 of before stay")
			warnings++
		case metrics.EventServers:
			if ev.Text == ev.Server+" is gone" {
				gone++
			}
		}
	}
	require.Equal(t, []int{2, 3}, []int{warnings, gone})
}
