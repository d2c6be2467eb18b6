package config

import (
	"net"
	"strconv"
	"time"
)

// edgeRules are those of the keys that concern clients, certificates and operators.
func edgeRules() map[string]rule {
	file := text("a file", `a path, or ""`, func(string) bool { return true })
	limit := rule{"a duration", "0 for none or more, with a unit, such as 10s", func(v any) bool { return v.(time.Duration) >= 0 }}
	flag := rule{"a yes or no", "true or false", func(any) bool { return true }}
	return map[string]rule{
		"load_balancer.trusted_proxies[]": text("a network", "a CIDR such as 10.0.0.0/8, or an address", isPrefix),
		"load_balancer.access_log":        text("a log", `"stderr", a file, or "" for none`, func(string) bool { return true }),

		"load_balancer.tls.cert_file":         file,
		"load_balancer.tls.key_file":          file,
		"load_balancer.upstream_tls.ca_file":  file,
		"load_balancer.upstream_tls.insecure": flag,

		"load_balancer.client_limits.header_bytes":   between("a number of bytes", 1024, 16<<20),
		"load_balancer.client_limits.header_timeout": limit,
		"load_balancer.client_limits.idle_timeout":   limit,
		"load_balancer.client_limits.body_bytes":     between("a number of bytes", 0, 1<<40),
		"load_balancer.client_limits.body_timeout":   limit,
		"load_balancer.client_limits.body_progress":  between("a number of bytes", 1, 1<<30),
		"load_balancer.client_limits.send_timeout":   limit,
		"load_balancer.client_limits.half_close": {
			"a duration", "0s or more, with a unit, such as 5s", func(v any) bool { return v.(time.Duration) >= 0 },
		},
		"load_balancer.client_limits.connections": between("a number of connections", 0, 1<<20),

		"admin.listen":        text("an address", `host:port, unix:/path of a socket, or "" for none`, func(s string) bool { return s == "" || IsHostPort(s) || isSocket(s) }),
		"admin.allow_remote":  flag,
		"admin.tokens_file":   file,
		"admin.tls.cert_file": file,
		"admin.tls.key_file":  file,
	}
}

// edge checks what must fit together on the side of clients and operators.
func (k *checker) edge() {
	k.certificate("load_balancer.tls", k.cfg.LoadBalancer.TLS)
	k.certificate("admin.tls", k.cfg.Admin.TLS)
	a := k.cfg.Admin
	if a.Listen == "" || k.bad["admin.listen"] || isSocket(a.Listen) || isLoopback(a.Listen) {
		return
	}
	switch {
	case !a.AllowRemote:
		k.at("admin.listen", a.Listen, shown(a.Listen)+" is not on this machine alone (127.0.0.1, ::1, localhost or unix:/path; admin.allow_remote: true, with admin.tokens_file, lets others in)")
	case a.TokensFile == "":
		k.at("admin.listen", a.Listen, shown(a.Listen)+" is not on this machine alone, and anybody could command (admin.tokens_file says who may; slbtui token ROLE NAME makes its lines)")
	}
}

// certificate checks that there are both files of a certificate, or neither.
func (k *checker) certificate(key string, tls TLS) {
	if (tls.CertFile == "") == (tls.KeyFile == "") {
		return
	}
	path, value := key+".cert_file", tls.CertFile
	if value == "" {
		path, value = key+".key_file", tls.KeyFile
	}
	k.at(path, value, shown(value)+" is alone (cert_file and key_file go together)")
}

func isPrefix(s string) bool {
	_, err := parsePrefix(s)
	return err == nil
}

// IsHostPort tells whether s is an address to listen on, such as 127.0.0.1:8080: a host, and a port of 0-65535.
func IsHostPort(s string) bool {
	host, port, err := net.SplitHostPort(s)
	if err != nil || !isHost(host) {
		return false
	}
	n, err := strconv.Atoi(port)
	return err == nil && n >= 0 && n <= 65535
}

func isLoopback(hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		return false
	}
	ip := net.ParseIP(canonical(host))
	return ip != nil && ip.IsLoopback()
}
