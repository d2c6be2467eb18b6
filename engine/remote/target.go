package remote

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"slbtui/engine/config"
)

// Options say how to reach balancers.
type Options struct {
	Token string      // of a role at all of them, "" for none
	TLS   *tls.Config // nil: as the system has it
	// Insecure lets the token travel in clear text.
	Insecure bool
}

// target is where the admin listener of a balancer is.
type target struct {
	name   string // as it was given, without a scheme that was left out
	base   string // URL, without a slash at the end
	token  string
	client *http.Client
}

const dialTimeout = 3 * time.Second

// newTarget reads http://HOST:PORT, https://HOST:PORT, HOST:PORT or unix:/path.
func newTarget(address string, o Options) (*target, error) {
	dialer := &net.Dialer{Timeout: dialTimeout}
	transport := &http.Transport{
		DialContext: dialer.DialContext, TLSClientConfig: o.TLS, ForceAttemptHTTP2: true, TLSHandshakeTimeout: dialTimeout,
		MaxIdleConns: 4, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 64 << 10,
	}
	t := &target{name: address, token: o.Token}
	if path, ok := config.Socket(address); ok {
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) { return dialer.DialContext(ctx, "unix", path) }
		t.base = "http://localhost"
	} else {
		u, err := parse(address)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", config.HidePassword(address), err)
		}
		if o.Token != "" && u.Scheme == "http" && !o.Insecure && !thisMachine(u.Hostname()) {
			return nil, fmt.Errorf("%s: the token would travel in clear text; use https://, or ssh -L and 127.0.0.1 (--insecure sends it nevertheless)", address)
		}
		t.base = strings.TrimSuffix(u.String(), "/")
		transport.Proxy = http.ProxyFromEnvironment
	}
	// A redirect is not followed: the token is for whom it was given for.
	t.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return t, nil
}

func parse(address string) (*url.URL, error) {
	want := errors.New("want http://HOST:PORT, https://HOST:PORT or unix:/PATH")
	if !strings.Contains(address, "://") {
		if !config.IsHostPort(address) {
			return nil, want
		}
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, want
	}
	if u.User != nil {
		return nil, errors.New("a balancer takes a token, no password: --token-file FILE")
	}
	return u, nil
}

// thisMachine tells whether a host is this one, by its address or by the name that always means it.
func thisMachine(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.IsLoopback()
}
