// Package dns finds servers by a name: each address of it is one, or each target of its SRV records. Answers hold for
// their time to live, which the standard library's resolver does not tell; so it asks by itself, over UDP, and
// over TCP what does not fit. It keeps no cache but the latest answer, and starts no goroutine.
package dns

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"slbtui/engine/config"
	"slbtui/engine/discovery"
)

const (
	shortest = time.Second // between two questions, whatever the time to live
	longest  = time.Hour
	emptyFor = 5 * time.Second // until a name without addresses is asked for again
	firstTry = time.Second     // after an answer that failed; doubled up to lastTry
	lastTry  = 30 * time.Second
	findFor  = time.Minute // all questions for one list: targets of services are asked for one by one
)

// Source is a name in the DNS.
type Source struct {
	cfg   config.DNS
	known map[string][]netip.Addr // the last good answer, by host and type: half an answer is none
}

// New makes the source of a checked configuration.
func New(cfg config.DNS) *Source {
	cfg.Name = strings.TrimSuffix(cfg.Name, ".") + "."
	return &Source{cfg: cfg, known: map[string][]netip.Addr{}}
}

// String names it.
func (s *Source) String() string { return "dns " + strings.TrimSuffix(s.cfg.Name, ".") }

// Follow implements discovery.Source.
func (s *Source) Follow(ctx context.Context, tell func([]discovery.Server, error)) error {
	failures := 0
	for {
		found, ttl, err := s.find(ctx)
		if ctx.Err() != nil {
			return nil
		}
		tell(found, err)
		wait := min(max(ttl, shortest), longest)
		switch {
		case err != nil:
			wait = min(firstTry<<min(failures, 10), lastTry)
			failures++
		case len(found) == 0:
			wait = emptyFor
		default:
			failures = 0
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// find asks for all servers, and how long they hold.
func (s *Source) find(ctx context.Context) ([]discovery.Server, time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, findFor)
	defer cancel()
	resolvers, err := resolvers(s.cfg.Resolver)
	if err != nil {
		return nil, 0, err
	}
	if s.cfg.SRV() {
		return s.findServices(ctx, resolvers)
	}
	addresses, ttl, err := s.addresses(ctx, resolvers, s.cfg.Name)
	if err != nil {
		return nil, 0, err
	}
	var found []discovery.Server
	for _, a := range addresses {
		found = append(found, discovery.Server{Address: at(a, s.cfg.Port), Weight: 1})
	}
	return found, ttl, nil
}

func at(a netip.Addr, port int) string { return netip.AddrPortFrom(a, uint16(port)).String() }

// addresses are those of a host, of both kinds. Where one kind fails and the other is answered, that of before stays:
// some networks have no answer about IPv6.
func (s *Source) addresses(ctx context.Context, resolvers []string, host string) (all []netip.Addr, ttl time.Duration, err error) {
	ttl = longest
	var failed []error
	for _, kind := range []dnsmessage.Type{dnsmessage.TypeA, dnsmessage.TypeAAAA} {
		key := host + " " + kind.String()
		reply, err := ask(ctx, resolvers, host, kind)
		if err != nil {
			failed = append(failed, err)
			ttl = min(ttl, lastTry)
		} else {
			s.known[key] = reply.addresses()
			ttl = min(ttl, reply.ttl())
		}
		all = append(all, s.known[key]...)
	}
	if len(failed) == 2 {
		return nil, 0, failed[0]
	}
	return all, ttl, nil
}

// findServices asks for SRV records. Of those, the ones of the first priority count (RFC 2782); the others stand in
// for them, which is not for us to decide while health checks do.
func (s *Source) findServices(ctx context.Context, resolvers []string) ([]discovery.Server, time.Duration, error) {
	reply, err := ask(ctx, resolvers, s.cfg.Name, dnsmessage.TypeSRV)
	if err != nil {
		return nil, 0, err
	}
	records, ttl := reply.services(), reply.ttl()
	if len(records) == 0 {
		return nil, ttl, nil
	}
	if len(records) > discovery.MaxServers {
		return nil, 0, fmt.Errorf("%d SRV records, which is more than %d", len(records), discovery.MaxServers)
	}
	slices.SortStableFunc(records, func(a, b dnsmessage.SRVResource) int { return cmp.Compare(a.Priority, b.Priority) })
	if len(s.known) > 4*discovery.MaxServers { // targets that are long gone
		clear(s.known)
	}
	var found []discovery.Server
	for _, r := range records {
		target := r.Target.String()
		if r.Priority != records[0].Priority || target == "." { // the root: it is not offered here
			continue
		}
		addresses, holds := reply.glue(target)
		if len(addresses) == 0 {
			if addresses, holds, err = s.addresses(ctx, resolvers, target); err != nil {
				return nil, 0, fmt.Errorf("%s: %w", target, err)
			}
		}
		ttl = min(ttl, holds)
		for _, a := range addresses {
			found = append(found, discovery.Server{Address: at(a, int(r.Port)), Weight: max(1, float64(r.Weight))})
		}
	}
	return found, ttl, nil
}

// resolvers are the addresses to ask, with their ports.
func resolvers(given string) ([]string, error) {
	if given == "" {
		return systemResolvers("/etc/resolv.conf")
	}
	if a, err := netip.ParseAddr(given); err == nil {
		return []string{at(a, 53)}, nil
	}
	a, err := netip.ParseAddrPort(given)
	if err != nil {
		return nil, errors.New("resolver " + strconv.Quote(given) + " is no address")
	}
	return []string{a.String()}, nil
}
