package config

import "strings"

// SocketPrefix begins the address of a Unix socket: unix:/path.
const SocketPrefix = "unix:"

// maxSocketPath is what fits into the system's address of one, in bytes (Linux: 107, macOS: 103).
const maxSocketPath = 103

// Socket is the path in the address of a Unix socket; false for any other address.
func Socket(address string) (path string, ok bool) {
	path, ok = strings.CutPrefix(address, SocketPrefix)
	ok = ok && len(path) > 1 && len(path) <= maxSocketPath && path[0] == '/' && path[1] != '/' && !strings.ContainsAny(path, "?#%")
	return path, ok
}

func isSocket(s string) bool {
	_, ok := Socket(s)
	return ok
}
