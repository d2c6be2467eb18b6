package unpolled

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pair is a client and what a listener has accepted of it.
func pair(t *testing.T) (net.Conn, *Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l, err = Listen(l)
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	client, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = client.Close() })
	accepted, err := l.Accept()
	require.NoError(t, err)
	require.Equal(t, client.LocalAddr().String(), accepted.RemoteAddr().String())
	require.Equal(t, client.RemoteAddr().String(), accepted.LocalAddr().String())
	t.Cleanup(func() { _ = accepted.Close() })
	return client, accepted.(*Conn)
}

// What does not wait leaves Go's poller alone; what does is like any connection.
func TestConn(t *testing.T) {
	client, c := pair(t)
	raw, err := c.SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		_, err = syscall.Write(int(fd), []byte("one"))
	}))
	require.NoError(t, err)
	require.NoError(t, c.SetReadDeadline(time.Time{}), "there is none to take away")
	require.Nil(t, c.file)

	p := make([]byte, 3)
	_, err = io.ReadFull(client, p)
	require.NoError(t, err)
	require.NoError(t, c.SetReadDeadline(time.Now().Add(-time.Second)))
	require.NotNil(t, c.file)
	_, err = c.Read(p)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	var late net.Error
	require.ErrorAs(t, err, &late)
	require.True(t, late.Timeout())
	require.NoError(t, c.SetReadDeadline(time.Time{}))

	var both sync.WaitGroup
	both.Go(func() { _, err = io.ReadFull(c, p) })
	_, failed := client.Write([]byte("two"))
	require.NoError(t, failed)
	both.Wait()
	require.NoError(t, err)
	require.Equal(t, "two", string(p))
	_, err = c.Write(p)
	require.NoError(t, err)
	require.NoError(t, c.CloseWrite())
	rest, err := io.ReadAll(client)
	require.NoError(t, err)
	require.Equal(t, "two", string(rest))
	require.NoError(t, client.Close())
	_, err = c.Read(p)
	require.ErrorIs(t, err, io.EOF)

	require.NoError(t, c.Close())
	for _, err := range []error{c.Close(), c.CloseWrite(), raw.Control(func(uintptr) { t.Error("it is closed") }), c.SetDeadline(time.Now())} {
		require.ErrorIs(t, err, net.ErrClosed)
	}
	_, err = c.Read(p)
	require.ErrorIs(t, err, net.ErrClosed)
}

// A read is woken by Close, from wherever that comes.
func TestCloseWhileSomebodyWaits(t *testing.T) {
	_, c := pair(t)
	_, err := c.polled()
	require.NoError(t, err)
	ended := make(chan error)
	go func() {
		_, err := c.Read(make([]byte, 1))
		ended <- err
	}()
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-ended, net.ErrClosed)
}

// A connection goes on when it is taken from Go's poller, and its descriptor is not lost.
func TestOf(t *testing.T) {
	client, c := pair(t)
	u, err := Of(client)
	require.NoError(t, err)
	require.Equal(t, c.RemoteAddr().String(), u.LocalAddr().String())
	_, err = client.Write([]byte("x"))
	require.ErrorIs(t, err, net.ErrClosed)
	_, err = u.Write([]byte("x"))
	require.NoError(t, err)
	_, err = io.ReadFull(c, make([]byte, 1))
	require.NoError(t, err)
	again, err := Of(u)
	require.NoError(t, err)
	require.Same(t, u, again)
	require.NoError(t, u.Close())
	_, err = c.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF, "there was no other descriptor")

	one, two := net.Pipe()
	defer func() { _, _ = one.Close(), two.Close() }()
	_, err = Of(one)
	require.ErrorIs(t, err, syscall.ENOTSUP)
}

// An Accept is woken by Close, and what comes over another network is left as it is.
func TestListener(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l, err = Listen(l)
	require.NoError(t, err)
	ended := make(chan error)
	go func() {
		_, err := l.Accept()
		ended <- err
	}()
	require.NoError(t, l.Close())
	require.ErrorIs(t, <-ended, net.ErrClosed)

	local, err := net.Listen("unix", t.TempDir()+"/s")
	require.NoError(t, err)
	defer func() { _ = local.Close() }()
	same, err := Listen(local)
	require.NoError(t, err)
	require.Same(t, local, same)

	v6 := &unix.SockaddrInet6{Port: 80, Addr: [16]byte{15: 1}}
	require.Equal(t, "[::1]:80", addr(v6).String())
	mapped := &unix.SockaddrInet6{Port: 80, Addr: [16]byte{10: 255, 11: 255, 12: 192, 14: 2, 15: 1}}
	require.Equal(t, "192.0.2.1:80", addr(mapped).String(), "as package net says it of one that listens on all")
}
