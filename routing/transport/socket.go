package transport

import (
	"context"
	"net"
	"net/url"
	"strings"
	"time"
)

// socketScheme is that of a server behind a Unix socket: unix:/path.
const socketScheme = "unix"

// IsServer tells whether u names one: http or https and a host, or unix and a path.
func IsServer(u *url.URL) bool {
	switch {
	case u == nil:
		return false
	case u.Scheme == socketScheme:
		return u.Host == "" && strings.HasPrefix(u.Path, "/")
	}
	return u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

// Spoken is the URL by which requests to u are written. HTTP has no name for a socket's server; the client's
// Host is sent to it all the same.
func Spoken(u *url.URL) *url.URL {
	if u.Scheme == socketScheme {
		return &url.URL{Scheme: "http", Host: "localhost"}
	}
	return u
}

// Place is where u is, for people: host and port, or the socket.
func Place(u *url.URL) string {
	if u.Scheme == socketScheme {
		return u.Scheme + ":" + u.Path
	}
	return u.Host
}

// Dialer connects to u, by dial unless that is nil. For a socket the address asked for is of no account.
func Dialer(u *url.URL, dial DialFunc) DialFunc {
	if dial == nil {
		dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	if u.Scheme != socketScheme {
		return dial
	}
	return func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx, "unix", u.Path) }
}
