package engine

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"slbtui/engine/config"
)

// listenOn opens HOST:PORT, or unix:/path of a socket, which is removed when it is closed.
func listenOn(address string) (net.Listener, error) {
	path, ok := config.Socket(address)
	if !ok {
		return net.Listen("tcp", address)
	}
	clearSocket(path)
	return net.Listen("unix", path)
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

// addressOf is what listenOn would take for a.
func addressOf(a net.Addr) string {
	if a.Network() == "unix" {
		return config.SocketPrefix + a.String()
	}
	return a.String()
}
