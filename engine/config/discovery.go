package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"strings"
)

// Discovery says where servers are found that come and go. At most one place is named; without one the servers are
// those of the configuration.
type Discovery struct {
	DNS        DNS        `yaml:"dns"`
	File       string     `yaml:"file"` // a list of servers, YAML or JSON, which is watched
	Kubernetes Kubernetes `yaml:"kubernetes"`
}

// DNS is a name whose addresses are the servers.
type DNS struct {
	Name     string `yaml:"name"`
	Port     int    `yaml:"port"`     // of the servers, for type A
	Type     string `yaml:"type"`     // A (with AAAA), or SRV
	Resolver string `yaml:"resolver"` // HOST:PORT or HOST; empty: those of /etc/resolv.conf
}

// Kubernetes is a service whose endpoints are the servers.
type Kubernetes struct {
	Service   string   `yaml:"service"`
	Namespace string   `yaml:"namespace"`  // empty: the pod's own
	Port      PortName `yaml:"port"`       // of the endpoints, by name or number; empty: the only one
	API       string   `yaml:"api"`        // URL; empty: from the pod's environment
	TokenFile string   `yaml:"token_file"` // empty: the pod's
	CAFile    string   `yaml:"ca_file"`    // PEM; empty: the pod's
}

// PortName is a port by its name or its number.
type PortName string

// The types of DNS.
const (
	typeA   = "A"
	typeSRV = "SRV"
)

// SRV tells whether ports and weights come from SRV records.
func (d DNS) SRV() bool { return d.Type == typeSRV }

// On tells whether servers are found.
func (d Discovery) On() bool { return len(d.places()) > 0 }

// places are the keys of those that are named.
func (d Discovery) places() (keys []string) {
	for _, p := range []struct{ key, value string }{
		{"discovery.dns.name", d.DNS.Name}, {"discovery.file", d.File}, {"discovery.kubernetes.service", d.Kubernetes.Service},
	} {
		if p.value != "" {
			keys = append(keys, p.key)
		}
	}
	return keys
}

var (
	dnsName   = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\.?$`)
	kubeLabel = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
)

// discoveryRules are those of the keys that say where servers are found.
func discoveryRules() map[string]rule {
	label := text("a name in Kubernetes", `"", or lower-case letters, digits and -`, func(s string) bool { return s == "" || kubeLabel.MatchString(s) })
	file := text("a file", `a path, or ""`, func(string) bool { return true })
	return map[string]rule{
		"discovery.dns.name":              text("a name in the DNS", `"", or such as web.example.com`, func(s string) bool { return s == "" || len(s) <= 253 && dnsName.MatchString(s) && !isAddress(s) }),
		"discovery.dns.port":              between("a port", 0, 65535),
		"discovery.dns.type":              oneOf("a type of records", []string{typeA, typeSRV}),
		"discovery.dns.resolver":          text("a resolver", `"", or an IP address, with or without a port`, isResolver),
		"discovery.file":                  file,
		"discovery.kubernetes.service":    label,
		"discovery.kubernetes.namespace":  label,
		"discovery.kubernetes.port":       text("a port", `"", its name or its number`, isPortName),
		"discovery.kubernetes.api":        text("a URL of an API server", `"" or https:// and a host; http:// on this machine alone`, isAPI),
		"discovery.kubernetes.token_file": file,
		"discovery.kubernetes.ca_file":    file,
	}
}

func isAddress(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

func isResolver(s string) bool {
	if s == "" || isAddress(s) {
		return true
	}
	host, _, err := net.SplitHostPort(s)
	return err == nil && isAddress(host) && IsHostPort(s)
}

func isPortName(s string) bool {
	var n int
	if _, err := fmt.Sscanf(s, "%d", &n); err == nil && fmt.Sprint(n) == s {
		return n >= 1 && n <= 65535
	}
	return s == "" || kubeLabel.MatchString(s)
}

// isAPI lets a token go to this machine alone where nobody vouches for who is there.
func isAPI(s string) bool {
	if s == "" {
		return true
	}
	u, err := url.Parse(s)
	if err != nil || !isURL(s) || strings.ContainsAny(s, "?#") {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// discovery checks that one place is named, as a whole.
func (k *checker) discovery() {
	d := k.cfg.Discovery
	places := d.places()
	for _, key := range places[min(1, len(places)):] {
		k.at(key, k.cfg.value(key), "not together with "+places[0]+" (servers are found in one place)")
	}
	dns := d.DNS
	switch {
	case k.bad["discovery.dns.port"]:
	case dns.Name == "" && dns.Port != 0:
		k.at("discovery.dns.port", dns.Port, "not without discovery.dns.name")
	case dns.Name != "" && !dns.SRV() && dns.Port == 0:
		k.at("discovery.dns.name", dns.Name, shown(dns.Name)+" needs discovery.dns.port, at which its addresses serve (1-65535), or type: SRV")
	case dns.SRV() && dns.Port != 0:
		k.at("discovery.dns.port", dns.Port, "not together with type: SRV (whose records have ports)")
	}
	if d.Kubernetes.Service == "" {
		walk(reflect.ValueOf(d.Kubernetes), "discovery.kubernetes", func(path string, v reflect.Value) {
			if !v.IsZero() {
				k.at(path, v.Interface(), "not without discovery.kubernetes.service")
			}
		})
	}
}

// foundServers leaves the built-in servers out where others are found, and refuses those of the user's own.
func (l *loader) foundServers() {
	if !l.cfg.Discovery.On() {
		return
	}
	if o := l.origins["servers"]; o.source > 0 && len(l.cfg.Servers) > 0 {
		l.layerNow = layerNow{source: o.source, name: o.name}
		l.reject(o.line, "servers", "not together with discovery, which finds them (leave one of the two out)")
	}
	forget(l.origins, "servers")
	l.cfg.Servers = nil
}
