//go:build linux

package loop

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"slbtui/routing/fast"
	"slbtui/routing/http1"
	"slbtui/routing/policy"
	"slbtui/routing/policy/policytest"
)

// A request that ends with what a loop reads at a time does not hide the one behind it.
func TestARequestBehindAFullRead(t *testing.T) {
	g := newRig(t, &policytest.FirstFree{}, path)
	c := g.dial(t)
	ask(t, c, "/")
	for _, size := range []int{16<<10 - 1, 16 << 10, 16<<10 + 1} {
		head := "POST /first HTTP/1.1\r\nHost: h\r\nContent-Length: %05d\r\n\r\n"
		n := size - len(fmt.Sprintf(head, 0))
		_, err := io.WriteString(c, fmt.Sprintf(head, n)+strings.Repeat("x", n)+"GET /second HTTP/1.1\r\nHost: h\r\n\r\n")
		require.NoError(t, err)
		require.NoError(t, c.SetDeadline(time.Now().Add(30*time.Second)))
		r := bufio.NewReader(c)
		for _, want := range []string{"/first", "/second"} {
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err, "%s of %d", want, size)
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.Equal(t, want, string(body))
		}
	}
}

// last remembers what it has accepted last.
type last struct {
	net.Listener
	conn atomic.Pointer[net.Conn]
}

func (l *last) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.conn.Store(&c)
	}
	return c, err
}

// unread is how many bytes lie there.
func (l *last) unread(t *testing.T) (n int) {
	raw, err := (*l.conn.Load()).(syscall.Conn).SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.TIOCINQ) }))
	require.NoError(t, err)
	return n
}

// Nor does one that ends with what a goroutine reads, which may have begun anywhere.
func TestARequestBehindAFullReadElsewhere(t *testing.T) {
	l := &last{}
	g := newRigOver(t, &policytest.FirstFree{}, path, func(inner net.Listener) net.Listener {
		l.Listener = inner
		return l
	})
	c := g.dial(t)
	ask(t, c, "/")
	const buffer = 16 << 10
	one := "POST /one HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789"
	two := "POST /two HTTP/1.1\r\nHost: h\r\nContent-Length: %05d\r\n\r\n"
	n := buffer - len(one) - len(fmt.Sprintf(two, 0))
	_, err := io.WriteString(c, one[:len(one)-5])
	require.NoError(t, err)
	require.Eventually(t, func() bool { return l.unread(t) == 0 }, 30*time.Second, time.Millisecond)
	_, err = io.WriteString(c, one[len(one)-5:]+fmt.Sprintf(two, n)+strings.Repeat("x", n)+"GET /three HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	require.NoError(t, c.SetDeadline(time.Now().Add(30*time.Second)))
	r := bufio.NewReader(c)
	for _, want := range []string{"/one", "/two", "/three"} {
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err, want)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Equal(t, want, string(body))
	}
}

// idleServer is a loop that nobody runs, with a connection to a server that has just become idle.
func idleServer(t *testing.T) (*loop, *http1.Transport, *upstream, net.Conn) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	to := http1.New(http1.Config{
		Dial:        func(context.Context) (net.Conn, error) { return net.Dial("tcp", listener.Addr().String()) },
		IdleTimeout: time.Minute, MaxIdle: 1,
	})
	fresh, err := to.Fresh(t.Context(), time.Time{})
	require.NoError(t, err)
	fresh.Keep()
	server, err := listener.Accept()
	require.NoError(t, err)
	l, err := newLoop(&Server{})
	require.NoError(t, err)
	l.serving = &client{}
	c := l.servers.Take(to)
	require.NotNil(t, c)
	u := l.servers.all[c]
	l.servers.Put(c, to, fast.Fit)
	t.Cleanup(func() {
		l.servers.close()
		l.free()
		_ = server.Close()
		to.CloseIdleConnections()
	})
	return l, to, u, server
}

// A server may hang up, or say more, in the batch in which its connection became idle by somebody else's event.
func TestAnEventOfWhatHasJustBecomeIdle(t *testing.T) {
	for name, does := range map[string]func(net.Conn) error{
		"hangs up":  func(c net.Conn) error { return c.Close() },
		"says more": func(c net.Conn) error { _, err := io.WriteString(c, "HTTP/1.1 200 OK\r\n"); return err },
	} {
		l, to, u, server := idleServer(t)
		require.NoError(t, does(server))
		var events [1]unix.EpollEvent
		n, err := unix.EpollWait(l.fd, events[:], 10_000)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		if events[0].Fd == noSlot {
			t.Fatal("nobody has told the loop")
		}
		l.handle(events[0])
		l.round++
		l.serving = &client{}
		require.Nil(t, l.servers.Take(to), name)
		require.NotContains(t, l.servers.all, u.conn, name)
	}
}

// held is a policy that is busy while somebody wants it to be.
type held struct {
	policytest.FirstFree
	on         atomic.Bool
	busy, done chan struct{}
}

func (h *held) Pick(v policy.View) (int, policy.Token) {
	if h.on.CompareAndSwap(true, false) {
		h.busy <- struct{}{}
		<-h.done
	}
	return h.FirstFree.Pick(v)
}

// A read ends before what is urgent, whatever lies behind that: nobody would hear of it again.
func TestAServerThatHasUrgentNews(t *testing.T) {
	p := &held{busy: make(chan struct{}), done: make(chan struct{})}
	server := make(chan *net.TCPConn, 1)
	g := newRig(t, p, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/urgent" {
			path(w, r)
			return
		}
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			server <- c.(*net.TCPConn)
		}
	})
	c, others := g.dial(t), make([]net.Conn, len(g.loops))
	for i := range others {
		others[i] = g.dial(t) // the last of them is of the same loop
	}
	ask(t, c, "/") // leaves a connection to the server, which the loop takes
	_, err := io.WriteString(c, "GET /urgent HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	up := <-server
	defer func() { _ = up.Close() }()
	p.on.Store(true)
	_, err = io.WriteString(others[len(others)-1], "GET /other HTTP/1.1\r\nHost: h\r\n\r\n")
	require.NoError(t, err)
	<-p.busy
	raw, err := up.SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		const answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
		for _, part := range []struct {
			text  string
			flags int
		}{{answer + "once", 0}, {"!", unix.MSG_OOB}, {answer + "evil", 0}} {
			err = errors.Join(err, unix.Sendto(int(fd), []byte(part.text), part.flags|unix.MSG_NOSIGNAL, nil))
		}
	}))
	require.NoError(t, err)
	p.done <- struct{}{}
	require.NoError(t, c.SetDeadline(time.Now().Add(30*time.Second)))
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	require.NoError(t, err)
	got, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, "once", string(got))
	for range 3 {
		_, body := ask(t, c, "/mine")
		require.Equal(t, "/mine", body)
	}
}
