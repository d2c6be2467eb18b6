package config

import (
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Cluster says how several balancers are told of each other: by a NATS server that each of them has in itself
// (Listen), or by one that there is already (URL). Without either a balancer is alone.
type Cluster struct {
	Name        string    `yaml:"name"`        // of this replica, its own; empty: the host's name, and the port of listen
	Fleet       string    `yaml:"fleet"`       // of all that belong together
	Listen      string    `yaml:"listen"`      // host:port, where the other replicas reach this one
	Peers       []string  `yaml:"peers"`       // what the others listen on; this one may be among them
	Store       string    `yaml:"store"`       // folder of what was ordered, made if missing
	TLS         MutualTLS `yaml:"tls"`         // of the replicas with each other, or with the server at url
	URL         string    `yaml:"url"`         // nats:// or tls://, of a NATS with JetStream that there is already
	Credentials string    `yaml:"credentials"` // file of a user of the NATS at url
	Advertise   string    `yaml:"-"`           // host:port that peers hear of this replica; empty: as they reach it. Only tests stand in between
}

// MutualTLS is the certificate that one shows to the others, and who signs theirs. All three files or none.
type MutualTLS struct {
	CertFile string `yaml:"cert_file"` // PEM, its certificate first, then the chain
	KeyFile  string `yaml:"key_file"`  // PEM
	CAFile   string `yaml:"ca_file"`   // PEM
}

// On tells whether there is TLS.
func (c MutualTLS) On() bool { return c.CAFile != "" }

// On tells whether the balancer is one of several that know each other.
func (c Cluster) On() bool { return c.Listen != "" || c.URL != "" }

// Others are the peers but for this replica itself.
func (c Cluster) Others() []string {
	return slices.DeleteFunc(slices.Clone(c.Peers), func(p string) bool { return p == c.Listen })
}

var replicaName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$`)

// clusterRules are those of the keys that say how replicas know each other.
func clusterRules() map[string]rule {
	file := text("a file", `a path, or ""`, func(string) bool { return true })
	return map[string]rule{
		"cluster.name":          text("a name of a replica", `"", or up to 63 letters, digits, _ and -`, func(s string) bool { return s == "" || replicaName.MatchString(s) }),
		"cluster.fleet":         text("a name of a fleet", "up to 63 letters, digits, _ and -", replicaName.MatchString),
		"cluster.listen":        text("an address", `"", or host:port`, func(s string) bool { return s == "" || IsHostPort(s) }),
		"cluster.peers[]":       text("an address of a replica", "host:port", IsHostPort),
		"cluster.store":         text("a folder", `a path, or ""`, func(string) bool { return true }),
		"cluster.tls.cert_file": file,
		"cluster.tls.key_file":  file,
		"cluster.tls.ca_file":   file,
		"cluster.url":           text("a URL of a NATS server", `"", or nats://host:port or tls://host:port, without a password`, isNATS),
		"cluster.credentials":   file,
	}
}

func isNATS(s string) bool {
	if s == "" {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "nats" || u.Scheme == "tls") && u.User == nil && u.Path == "" && u.RawQuery == "" && IsHostPort(u.Host)
}

// cluster checks what must fit together of a fleet.
func (k *checker) cluster() {
	c := k.cfg.Cluster
	tls := []string{c.TLS.CertFile, c.TLS.KeyFile, c.TLS.CAFile}
	if n := len(slices.DeleteFunc(slices.Clone(tls), func(s string) bool { return s == "" })); n != 0 && n != len(tls) {
		k.at("cluster.tls", nil, "cert_file, key_file and ca_file go together (each shows a certificate, and believes those that ca_file has signed)")
	}
	if k.bad["cluster.listen"] || k.bad["cluster.url"] {
		return
	}
	switch {
	case !c.On():
		k.alone(c)
	case c.Listen != "" && c.URL != "":
		k.at("cluster.url", c.URL, "not together with cluster.listen (a replica has a NATS in itself, or uses one that there is)")
	case c.Listen != "":
		k.embedded(c)
	default:
		u, _ := url.Parse(c.URL)
		secret := c.TLS.On() || c.Credentials != "" && u.Scheme == "tls"
		if !isLoopback(u.Host) && !secret {
			k.at("cluster.url", c.URL, shown(c.URL)+" is not on this machine alone (it takes cluster.tls, or cluster.credentials with tls://)")
		}
	}
}

// alone names the keys that do nothing without a cluster.
func (k *checker) alone(c Cluster) {
	c.Fleet = ""
	walk(reflect.ValueOf(c), "cluster", func(path string, v reflect.Value) {
		if !v.IsZero() {
			k.at(path, v.Interface(), "not without cluster.listen or cluster.url")
		}
	})
}

// embedded checks the cluster of a replica that has a NATS in itself.
func (k *checker) embedded(c Cluster) {
	if c.Store == "" {
		k.at("cluster.store", c.Store, "missing: what was ordered is kept in a folder (its path)")
	}
	if c.Credentials != "" {
		k.at("cluster.credentials", c.Credentials, "not without cluster.url (replicas with a NATS of their own know each other by cluster.tls)")
	}
	if c.TLS.On() {
		return
	}
	if i := slices.IndexFunc(append([]string{c.Listen}, c.Peers...), func(a string) bool { return !isLoopback(a) }); i >= 0 {
		path, value := "cluster.listen", c.Listen
		if i > 0 {
			path, value = "cluster.peers", strings.Join(c.Peers, ", ")
		}
		k.at(path, value, shown(value)+" is not on this machine alone, and whoever reaches it could command (it takes cluster.tls: cert_file, key_file, ca_file)")
	}
}
