package dns

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/net/dns/dnsmessage"

	"slbtui/engine/config"
	"slbtui/engine/discovery"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// zone answers over UDP and TCP, at one port, what a test says.
type zone struct {
	mu      sync.Mutex
	records map[string][]string // by name and type, as in a zone file
	codes   map[string]int      // refusals by the same
	extra   []string            // said besides to every question about services
	asked   []string
	addr    string
}

func serve(t *testing.T) *zone {
	t.Helper()
	z := &zone{records: map[string][]string{}, codes: map[string]int{}}
	var tcp net.Listener
	var udp net.PacketConn
	var err error
	for range 20 { // the port that is free for the one may not be for the other
		tcp, err = net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		if udp, err = net.ListenPacket("udp", tcp.Addr().String()); err == nil {
			break
		}
		require.NoError(t, tcp.Close())
	}
	require.NoError(t, err)
	z.addr = tcp.Addr().String()
	for _, s := range []*dns.Server{{Listener: tcp, Handler: z}, {PacketConn: udp, Handler: z}} {
		started, ended := make(chan struct{}), make(chan error, 1)
		s.NotifyStartedFunc = func() { close(started) }
		go func() { ended <- s.ActivateAndServe() }()
		<-started
		t.Cleanup(func() {
			require.NoError(t, s.Shutdown())
			require.NoError(t, <-ended)
		})
	}
	return z
}

func (z *zone) set(key string, records ...string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.records[key] = records
}

func (z *zone) say(besides ...string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.extra = besides
}

func (z *zone) refuse(key string, code int) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.codes[key] = code
}

func (z *zone) questions() []string {
	z.mu.Lock()
	defer z.mu.Unlock()
	return slices.Clone(z.asked)
}

func (z *zone) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	z.mu.Lock()
	defer z.mu.Unlock()
	q := r.Question[0]
	key := q.Name + " " + dns.TypeToString[q.Qtype]
	z.asked = append(z.asked, w.LocalAddr().Network()+" "+key)
	m := new(dns.Msg)
	m.SetReply(r)
	for _, text := range z.records[key] {
		rr, err := dns.NewRR(text)
		if err != nil {
			panic(err)
		}
		m.Answer = append(m.Answer, rr)
	}
	if q.Qtype == dns.TypeSRV {
		for _, text := range z.extra {
			rr, err := dns.NewRR(text)
			if err != nil {
				panic(err)
			}
			m.Extra = append(m.Extra, rr)
		}
	}
	m.Rcode = z.codes[key]
	if w.LocalAddr().Network() == "udp" {
		size := dns.MinMsgSize
		if opt := r.IsEdns0(); opt != nil {
			size = int(opt.UDPSize())
		}
		lie := m.Copy() // from somebody who guesses
		lie.Id++
		lie.Truncate(size)
		_ = w.WriteMsg(lie)
		m.Truncate(size)
	}
	_ = w.WriteMsg(m)
}

func (z *zone) source(cfg config.DNS) *Source {
	cfg.Resolver = z.addr
	return New(cfg)
}

// finds is what a source finds, in order, with weights that are not 1.
func finds(t *testing.T, s *Source) ([]string, time.Duration) {
	t.Helper()
	found, ttl, err := s.find(t.Context())
	require.NoError(t, err)
	return addresses(found), ttl
}

func addresses(found []discovery.Server) (all []string) {
	for _, f := range found {
		text := f.Address
		if f.Weight != 1 {
			text += fmt.Sprintf(" x%g", f.Weight)
		}
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

func TestAllAddressesOfBothKinds(t *testing.T) {
	z := serve(t)
	s := z.source(config.DNS{Name: "web.test", Port: 9001, Type: "A"})
	require.Equal(t, "dns web.test", s.String())
	z.set("web.test. A", "web.test. 60 A 10.0.0.1", "web.test. 7 A 10.0.0.2")
	z.set("web.test. AAAA", "web.test. 30 AAAA fd00::1")
	found, ttl := finds(t, s)
	require.Equal(t, []string{"10.0.0.1:9001", "10.0.0.2:9001", "[fd00::1]:9001"}, found)
	require.Equal(t, 7*time.Second, ttl)

	z.set("web.test. A", "web.test. 3 CNAME other.test.", "other.test. 60 A 10.0.0.3")
	z.set("web.test. AAAA")
	found, ttl = finds(t, s)
	require.Equal(t, []string{"10.0.0.3:9001"}, found, "by another name")
	require.Equal(t, 3*time.Second, ttl)

	z.set("web.test. AAAA", "web.test. 30 AAAA fd00::1")
	finds(t, s)
	z.refuse("web.test. AAAA", dns.RcodeServerFailure)
	found, _ = finds(t, s)
	require.Equal(t, []string{"10.0.0.3:9001", "[fd00::1]:9001"}, found, "of the kind without an answer, those of before stay")
	z.refuse("web.test. A", dns.RcodeNameError)
	_, _, err := s.find(t.Context())
	require.EqualError(t, err, "A from "+z.addr+": there is no such name")

	z.refuse("web.test. A", dns.RcodeSuccess)
	z.refuse("web.test. AAAA", dns.RcodeSuccess)
	z.set("web.test. A")
	z.set("web.test. AAAA")
	found, _ = finds(t, s)
	require.Empty(t, found)
}

func TestWhatDoesNotFitComesByTCP(t *testing.T) {
	z := serve(t)
	var records []string
	for n := range 200 {
		records = append(records, fmt.Sprintf("many.test. 60 A 10.0.0.%d", n+1))
	}
	z.set("many.test. A", records...)
	found, _ := finds(t, z.source(config.DNS{Name: "many.test.", Port: 80, Type: "A"}))
	require.Len(t, found, 200)
	require.Equal(t, []string{"udp many.test. A", "tcp many.test. A", "udp many.test. AAAA"}, z.questions())
}

func TestServicesHavePortsAndWeights(t *testing.T) {
	z := serve(t)
	s := z.source(config.DNS{Name: "_http._tcp.web.test", Type: "SRV"})
	z.set("_http._tcp.web.test. SRV",
		"_http._tcp.web.test. 60 SRV 10 5 9001 a.test.", "_http._tcp.web.test. 60 SRV 10 0 9002 b.test.", "_http._tcp.web.test. 60 SRV 20 1 9003 standby.test.")
	z.say("a.test. 60 A 10.0.0.1", "a.test. 60 AAAA fd00::1")
	z.set("b.test. A", "b.test. 9 A 10.0.0.2")
	found, ttl := finds(t, s)
	require.Equal(t, []string{"10.0.0.1:9001 x5", "10.0.0.2:9002", "[fd00::1]:9001 x5"}, found)
	require.Equal(t, 9*time.Second, ttl)

	z.say("a.test. 4 A 10.0.0.1")
	_, ttl = finds(t, s)
	require.Equal(t, 4*time.Second, ttl, "what was said besides holds for a time of its own")

	z.refuse("b.test. A", dns.RcodeServerFailure)
	z.refuse("b.test. AAAA", dns.RcodeServerFailure)
	_, _, err := s.find(t.Context())
	require.ErrorContains(t, err, "b.test.: A from")
	z.set("_http._tcp.web.test. SRV", "_http._tcp.web.test. 60 SRV 0 0 0 .")
	found, _ = finds(t, s)
	require.Empty(t, found, "it is said not to be offered")
}

// A list of services without end is refused before each of its targets is asked for.
func TestTooManyServices(t *testing.T) {
	z := serve(t)
	var records []string
	for n := range discovery.MaxServers + 1 {
		records = append(records, fmt.Sprintf("s. 60 SRV 10 5 %d t%d.", n+1, n))
	}
	z.set("s. SRV", records...)
	_, _, err := z.source(config.DNS{Name: "s", Type: "SRV"}).find(t.Context())
	require.ErrorContains(t, err, "1001 SRV records")
	require.Equal(t, []string{"udp s. SRV", "tcp s. SRV"}, z.questions())
}

// Answers hold for their time to live, and what fails is asked for again.
func TestANameIsFollowed(t *testing.T) {
	z := serve(t)
	s := z.source(config.DNS{Name: "web.test", Port: 80, Type: "A"})
	z.refuse("web.test. A", dns.RcodeServerFailure)
	z.refuse("web.test. AAAA", dns.RcodeServerFailure)
	heard := make(chan string, 100)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- s.Follow(ctx, func(found []discovery.Server, err error) { heard <- fmt.Sprint(addresses(found), err) })
	}()
	hears := func(want string) {
		t.Helper()
		patience := time.After(30 * time.Second)
		for {
			select {
			case got := <-heard:
				if got == want {
					return
				}
			case <-patience:
				require.FailNow(t, "waited in vain for", want)
			}
		}
	}
	hears("[] A from " + z.addr + ": ServerFailure")
	z.set("web.test. A", "web.test. 1 A 10.0.0.1")
	z.refuse("web.test. A", dns.RcodeSuccess)
	hears("[10.0.0.1:80] <nil>")
	z.set("web.test. A", "web.test. 1 A 10.0.0.1", "web.test. 1 A 10.0.0.2")
	hears("[10.0.0.1:80 10.0.0.2:80] <nil>")
	cancel()
	require.NoError(t, <-done)
}

func TestResolvers(t *testing.T) {
	for given, want := range map[string]string{"::1": "[::1]:53", "10.0.0.1": "10.0.0.1:53", "[::1]:5353": "[::1]:5353"} {
		all, err := resolvers(given)
		require.NoError(t, err)
		require.Equal(t, []string{want}, all)
	}
	path := filepath.Join(t.TempDir(), "resolv.conf")
	_, err := systemResolvers(path)
	require.ErrorContains(t, err, "set discovery.dns.resolver")
	require.NoError(t, os.WriteFile(path, []byte("# here\nsearch x\nnameserver 10.0.0.1\nnameserver ::1 # too\nnameserver nonsense\nnameserver\n"), 0o600))
	all, err := systemResolvers(path)
	require.NoError(t, err)
	require.Equal(t, []string{"10.0.0.1:53", "[::1]:53"}, all)
	require.NoError(t, os.WriteFile(path, []byte("search x\n"), 0o600))
	_, err = systemResolvers(path)
	require.ErrorContains(t, err, "names none")
}

// FuzzReply: whatever comes over the network is an answer or none.
func FuzzReply(f *testing.F) {
	q := dns.Question{Name: "web.test.", Qtype: dns.TypeA, Qclass: dns.ClassINET}
	m := &dns.Msg{MsgHdr: dns.MsgHdr{Id: 7, Response: true}, Question: []dns.Question{q}}
	rr, err := dns.NewRR("web.test. 60 A 10.0.0.1")
	require.NoError(f, err)
	m.Answer = []dns.RR{rr}
	data, err := m.Pack()
	require.NoError(f, err)
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		asked, err := question(7, questionOf(t, "web.test."))
		require.NoError(t, err)
		require.NotEmpty(t, asked)
		if r, ok := parse(data, 7, questionOf(t, "web.test.")); ok {
			_, _, _ = r.addresses(), r.services(), r.ttl()
		}
	})
}

func questionOf(t *testing.T, name string) dnsmessage.Question {
	t.Helper()
	n, err := dnsmessage.NewName(name)
	require.NoError(t, err)
	return dnsmessage.Question{Name: n, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}
}
