package config

import (
	"net/netip"
	"runtime"
	"time"
)

// TLS is the certificate that the proxy shows to clients. Both files or neither; without them
// it speaks plain HTTP.
type TLS struct {
	CertFile string `yaml:"cert_file"` // PEM, the server's certificate first, then the chain
	KeyFile  string `yaml:"key_file"`  // PEM
}

// On tells whether the proxy speaks TLS.
func (c TLS) On() bool { return c.CertFile != "" }

// UpstreamTLS says how servers with an https URL are verified.
type UpstreamTLS struct {
	CAFile   string `yaml:"ca_file"`  // PEM of the authorities to trust; "" trusts the system's
	Insecure bool   `yaml:"insecure"` // believe any certificate: only for trying out
}

// Front says who reads the clients' requests.
type Front string

// The fronts.
const (
	FrontAuto    Front = "auto"    // the fastest there is
	FrontLoop    Front = "loop"    // plain requests in bytes, on event loops: in clear text, on Linux
	FrontStream  Front = "stream"  // the same, on a goroutine a client
	FrontLibrary Front = "library" // Go's net/http alone, which has the rest in any case
)

// ChosenFront is the front that the configuration comes to here.
func (c LoadBalancer) ChosenFront() Front {
	switch {
	case c.Front == FrontLibrary:
		return FrontLibrary
	case c.Front == FrontStream || c.TLS.On() || runtime.GOOS != "linux":
		return FrontStream
	}
	return FrontLoop
}

// ClientLimits bounds what a client may ask of the proxy. A limit of 0 bounds nothing, but for HalfClose.
type ClientLimits struct {
	HeaderBytes   int           `yaml:"header_bytes"`   // of a request's line and header
	HeaderTimeout time.Duration `yaml:"header_timeout"` // for reading them
	IdleTimeout   time.Duration `yaml:"idle_timeout"`   // of a connection between two requests
	BodyBytes     int           `yaml:"body_bytes"`     // of a request body; beyond it, 413
	BodyTimeout   time.Duration `yaml:"body_timeout"`   // in which a body must make progress; else 408
	BodyProgress  int           `yaml:"body_progress"`  // bytes that count as progress (or the body's end)
	SendTimeout   time.Duration `yaml:"send_timeout"`   // in which a client must take some of its response; else it is cut
	HalfClose     time.Duration `yaml:"half_close"`     // that a request goes on when its client has closed its side; 0: it ends at once
	Connections   int           `yaml:"connections"`    // open at once; further ones wait to be accepted
}

func defaultClientLimits() ClientLimits {
	return ClientLimits{
		HeaderBytes: 64 << 10, HeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		BodyTimeout: 30 * time.Second, BodyProgress: 1, SendTimeout: time.Minute, HalfClose: 5 * time.Second, Connections: 0,
	}
}

// Admin is the operators' listener, apart from the traffic.
type Admin struct {
	Listen      string `yaml:"listen"`       // host:port, or unix:/path of a socket, "" for none
	AllowRemote bool   `yaml:"allow_remote"` // lets it listen on an address that other machines reach; takes a TokensFile
	TokensFile  string `yaml:"tokens_file"`  // who may: lines of ROLE NAME SHA256; "" lets in whoever reaches it
	TLS         TLS    `yaml:"tls"`
}

// URL is where clients reach the proxy that listens on addr. A socket has no URL: it is addr itself.
func (c LoadBalancer) URL(addr string) string {
	if isSocket(addr) {
		return addr
	}
	if c.TLS.On() {
		return "https://" + addr
	}
	return "http://" + addr
}

// TrustedPrefixes are the trusted proxies, which Validate has checked.
func (c LoadBalancer) TrustedPrefixes() []netip.Prefix {
	var all []netip.Prefix
	for _, s := range c.TrustedProxies {
		if p, err := parsePrefix(s); err == nil {
			all = append(all, p)
		}
	}
	return all
}

// parsePrefix reads a CIDR, or an address, which is the CIDR of itself.
func parsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a.Unmap().WithZone(""), a.Unmap().BitLen()), nil
	}
	return netip.ParsePrefix(s)
}
