// Package discovery follows the servers of a place where they come and go: a name in the DNS, a file, a service in
// Kubernetes, each a Source in a room of its own.
//
// It never routes, and changes no pool: it hands over lists, one at a time. An answer that is empty, or none,
// changes nothing. Run owns its goroutines and returns when they have ended.
package discovery

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// MaxServers is how many servers a source may find.
const MaxServers = 1000

// maxAddress is how long an address may be: it is the server's id.
const maxAddress = 64

// Server is one that was found. Its address is what it is known by: names of pods and the like change.
type Server struct {
	Address string  // HOST:PORT
	URL     string  // http or https; empty: http at the address
	Weight  float64 // its share under weighted policies, above 0
	Zone    string  // where it is; "" when nobody says
	Leaving bool    // it is about to end: what is in flight there may finish
}

// Source is a place where servers are found.
type Source interface {
	// Follow tells what there is, all of it, whenever it may have changed, and why it cannot be known when that
	// is so. It returns nil when ctx is done. One goroutine calls tell, which waits for whoever hears it.
	Follow(ctx context.Context, tell func(found []Server, err error)) error
	// String names the place, for people.
	String() string
}

// check puts a list in order, and says why it cannot be one.
func check(found []Server) ([]Server, error) {
	list := slices.Clone(found)
	slices.SortStableFunc(list, func(a, b Server) int { return strings.Compare(a.Address, b.Address) })
	list = slices.CompactFunc(list, func(a, b Server) bool { return a.Address == b.Address })
	switch {
	case len(list) > MaxServers:
		return nil, fmt.Errorf("%d servers, which is more than %d", len(list), MaxServers)
	case !slices.ContainsFunc(list, func(s Server) bool { return !s.Leaving }):
		return nil, errors.New("there are no servers")
	}
	for i, s := range list {
		host, port, err := net.SplitHostPort(s.Address)
		if n, bad := strconv.Atoi(port); err != nil || bad != nil || host == "" || n < 1 || n > 65535 || len(s.Address) > maxAddress {
			return nil, fmt.Errorf("%.80q is not the address of a server (HOST:PORT, at most %d characters)", s.Address, maxAddress)
		}
		if a, err := netip.ParseAddr(host); err == nil && (a.IsUnspecified() || a.IsMulticast()) { // how some resolvers say no
			return nil, fmt.Errorf("%s is nobody's address", s.Address)
		}
		if !(s.Weight > 0) {
			return nil, fmt.Errorf("%s: weight %v is not above 0", s.Address, s.Weight)
		}
		if s.URL == "" {
			list[i].URL = "http://" + s.Address
		}
	}
	return list, nil
}
