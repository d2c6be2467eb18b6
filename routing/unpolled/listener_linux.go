package unpolled

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// What package net sets on a connection that it accepts.
const (
	keepAliveIdle  = 15 * time.Second
	keepAliveCount = 9
)

// Listen has what a listener of TCP accepts be Conns. Other listeners are returned as they are. It fails where the
// system has no descriptor left.
func Listen(l net.Listener) (net.Listener, error) {
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return l, nil
	}
	fd, err := duplicate(tcp)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), "listener")
	raw, err := file.SyscallConn()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &listener{Listener: l, file: file, raw: raw}, nil
}

// listener waits by a descriptor of its own, for package net lets nobody wait by that of a listener.
type listener struct {
	net.Listener
	file *os.File
	raw  syscall.RawConn
}

// Close implements net.Listener.
func (l *listener) Close() error { return errors.Join(l.Listener.Close(), l.file.Close()) }

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	var fd int
	var from unix.Sockaddr
	var err error
	closed := l.raw.Read(func(at uintptr) bool {
		fd, from, err = unix.Accept4(int(at), unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		for errors.Is(err, unix.EINTR) || errors.Is(err, unix.ECONNABORTED) {
			fd, from, err = unix.Accept4(int(at), unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		}
		return !errors.Is(err, unix.EAGAIN)
	})
	switch {
	case closed != nil:
		err = net.ErrClosed
	case err == nil:
		configure(fd)
		return New(fd, localAddr(fd, l.Addr()), addr(from)), nil
	default:
		err = os.NewSyscallError("accept4", err)
	}
	return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: err}
}

// configure sets what package net does. What the system refuses is not worth a client.
func configure(fd int) {
	for _, o := range [...][3]int{
		{unix.IPPROTO_TCP, unix.TCP_NODELAY, 1},
		{unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
		{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, int(keepAliveIdle / time.Second)},
		{unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, int(keepAliveIdle / time.Second)},
		{unix.IPPROTO_TCP, unix.TCP_KEEPCNT, keepAliveCount},
	} {
		_ = unix.SetsockoptInt(fd, o[0], o[1], o[2])
	}
}

// localAddr is our end of a connection: a listener on all interfaces does not know it.
func localAddr(fd int, listening net.Addr) net.Addr {
	if at, ok := listening.(*net.TCPAddr); ok && !at.IP.IsUnspecified() {
		return listening
	}
	own, err := unix.Getsockname(fd)
	if err != nil {
		return listening
	}
	return addr(own)
}

func addr(s unix.Sockaddr) net.Addr {
	switch s := s.(type) {
	case *unix.SockaddrInet4:
		return &net.TCPAddr{IP: s.Addr[:], Port: s.Port}
	case *unix.SockaddrInet6:
		return &net.TCPAddr{IP: s.Addr[:], Port: s.Port, Zone: zone(s.ZoneId)}
	}
	return &net.TCPAddr{}
}

// zone is the name of one of our interfaces, by which a link-local address is told from others.
func zone(index uint32) string {
	if index == 0 {
		return ""
	}
	i, err := net.InterfaceByIndex(int(index))
	if err != nil {
		return ""
	}
	return i.Name
}
