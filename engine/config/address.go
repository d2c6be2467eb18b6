package config

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// address is where a server or the balancer is reached, in one spelling.
type address struct {
	host string
	port int
	base string // path of a url: two servers may share a host and port
}

// place is an address and the key that decides on it.
type place struct {
	address
	key   string
	shown string // the key's value
	ours  bool   // we listen there, so a wildcard host takes the port on all of them
}

// addresses finds two listeners, or two servers, in one place.
func (k *checker) addresses() {
	lb := placeOf(Server{Host: k.cfg.LoadBalancer.Host, Port: k.cfg.LoadBalancer.Port}, "load_balancer")
	at := map[address]place{}
	ours, wild := map[int]place{}, map[int]place{} // the first by port
	for i, s := range k.cfg.Servers {
		p := placeOf(s, fmt.Sprintf("servers[%d]", i))
		if p.port == 0 || k.bad[p.key] {
			continue
		}
		other, taken := at[p.address]
		if !taken && p.ours && p.wildcard() {
			other, taken = ours[p.port]
		}
		if !taken && p.ours {
			other, taken = wild[p.port]
		}
		// A server elsewhere may be where our own balancer would be: serve --listen moves that.
		if !taken && p.ours && p.port == lb.port && (p.address == lb.address || p.wildcard() || lb.wildcard()) {
			other, taken = lb, true
		}
		if taken {
			k.clash(p, other)
			continue
		}
		at[p.address] = p
		if p.ours {
			ours[p.port] = p
		}
		if p.ours && p.wildcard() {
			wild[p.port] = p
		}
	}
}

// clash blames the user's key rather than a built-in one.
func (k *checker) clash(p, other place) {
	if k.cfg.BuiltIn(p.key) && !k.cfg.BuiltIn(other.key) {
		p, other = other, p
	}
	text := p.shown + " is taken by " + other.key + " (each needs its own host and port; port 0 takes a free one)"
	k.at(p.key, k.cfg.value(p.key), text)
}

func placeOf(s Server, path string) place {
	if s.URL == "" {
		return place{address: address{host: canonical(s.Host), port: s.Port}, key: path + ".port", shown: shown(s.Port), ours: true}
	}
	p := place{key: path + ".url", shown: shown(s.URL)}
	if isSocket(s.URL) {
		p.host, p.port = s.URL, -1
		return p
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return p
	}
	p.host, p.base = canonical(u.Hostname()), strings.TrimSuffix(u.Path, "/")
	switch p.port, _ = strconv.Atoi(u.Port()); {
	case p.port == 0 && u.Scheme == "https":
		p.port = 443
	case p.port == 0:
		p.port = 80
	}
	return p
}

func (a address) wildcard() bool { return a.host == "0.0.0.0" || a.host == "::" }

// canonical makes the spellings of one host equal.
func canonical(host string) string {
	if strings.EqualFold(host, "localhost") {
		return "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip != nil {
		return ip.String()
	}
	return strings.ToLower(host)
}
