// Package socket opens what a part of a run listens on: HOST:PORT, or unix:/path. It accepts nothing and has no
// goroutine.
package socket

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"slbtui/engine/config"
)

// ownerOnly is the mode of a private socket.
const ownerOnly = 0o600

// Listen opens HOST:PORT, or unix:/path of a socket, which is removed when it is closed. Who may connect to it is a
// matter of the folder's permissions and the umask.
func Listen(address string) (net.Listener, error) {
	path, ok := config.Socket(address)
	if !ok {
		return net.Listen("tcp", address)
	}
	clearSocket(path)
	return net.Listen("unix", path)
}

// ListenPrivate is Listen, but only the user of this process can connect to a socket.
func ListenPrivate(address string) (net.Listener, error) {
	path, ok := config.Socket(address)
	if !ok {
		return net.Listen("tcp", address)
	}
	clearSocket(path)
	// A file that the socket becomes has its mode from the first moment, where the system lets it (Linux).
	private := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(restrict)
	}}
	l, err := private.Listen(context.Background(), "unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, ownerOnly); err != nil {
		_ = l.Close() // nothing was accepted
		return nil, err
	}
	return l, nil
}

// clearSocket removes a socket that nobody listens on: its process was killed. Whatever else is in the way is
// left there, and Listen says so.
func clearSocket(path string) {
	if info, err := os.Lstat(path); err != nil || info.Mode().Type() != os.ModeSocket {
		return
	}
	c, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		_ = c.Close() // somebody is there
	} else if errors.Is(err, syscall.ECONNREFUSED) {
		_ = os.Remove(path) // if it can't be, Listen fails
	}
}

// Address is what Listen would take for a.
func Address(a net.Addr) string {
	if a.Network() == "unix" {
		return config.SocketPrefix + a.String()
	}
	return a.String()
}
