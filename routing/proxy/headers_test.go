package proxy

import (
	"bufio"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOutboundHeader(t *testing.T) {
	for name, tc := range map[string]struct {
		in, peer, host string
		tls            bool
		trusted        string
		want           http.Header
	}{
		"made-up forwarding headers are replaced": {
			in:   "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 7.7.7.7\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n",
			want: http.Header{},
		},
		"those of another's proxy too": {
			in: "X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n", trusted: "1.2.3.5/32",
			want: http.Header{},
		},
		"a trusted proxy's grow": {
			in:      "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 7.7.7.7\r\nX-Forwarded-Host: real\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1\r\nX-Real-IP: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n",
			trusted: "1.2.0.0/16",
			want: http.Header{
				"X-Forwarded-For": {"6.6.6.6, 7.7.7.7, 1.2.3.4"}, "Forwarded": {`for=6.6.6.6, for=1.2.3.4;host="h";proto=http`},
				"X-Forwarded-Host": {"real"}, "X-Forwarded-Proto": {"https"}, "X-Forwarded-Port": {"1"}, "X-Real-Ip": {"6.6.6.6"},
			},
		},
		"a trusted proxy by IPv4 in IPv6": {
			in: "X-Forwarded-For: 6.6.6.6\r\n", peer: "[::ffff:1.2.3.4]:5", host: "h", trusted: "1.2.0.0/16",
			want: http.Header{"X-Forwarded-For": {"6.6.6.6, ::ffff:1.2.3.4"}, "Forwarded": {`for="[::ffff:1.2.3.4]";host="h";proto=http`}},
		},
		"ipv6 and tls": {
			peer: "[::1]:9", host: "h:8443", tls: true,
			want: http.Header{"X-Forwarded-For": {"::1"}, "Forwarded": {`for="[::1]";host="h:8443";proto=https`}, "X-Forwarded-Host": {"h:8443"}, "X-Forwarded-Proto": {"https"}},
		},
		"a zone is ours alone": {
			peer: "[fe80::1%eth0]:9", host: "h", in: "X-Forwarded-For: 6.6.6.6\r\n", trusted: "fe80::/10",
			want: http.Header{"X-Forwarded-For": {"6.6.6.6, fe80::1"}, "Forwarded": {`for="[fe80::1]";host="h";proto=http`}},
		},
		"without a peer the lists go": {
			in: "X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n", peer: "@",
			want: http.Header{"X-Forwarded-For": nil, "Forwarded": nil},
		},
		"connection may not name ours away": {
			in:   "Connection: X-Forwarded-For, forwarded ,x-forwarded-host\r\n",
			want: http.Header{},
		},
		"aliases are dropped": {
			in:      "X_Forwarded_For: 6.6.6.6\r\nX-Forwarded.Proto: https\r\nX_Forwarded-User: root\r\nX_Real_IP: 6.6.6.6\r\nTransfer_Encoding: chunked\r\nContent_Length: 5\r\nX_Other: stays\r\n",
			trusted: "1.2.3.4/32",
			want:    http.Header{"X_other": {"stays"}},
		},
		"hop by hop": {
			in:   "Connection: close, X-Hop\r\nConnection: x-other\r\nX-Hop: 1\r\nX-Other: 1\r\nKeep-Alive: 1\r\nProxy-Connection: x\r\nProxy-Authorization: x\r\nTE: gzip\r\nUpgrade: h2c\r\nX-Stays: 1\r\n",
			want: http.Header{"X-Stays": {"1"}},
		},
		"te trailers": {
			in:   "TE: gzip, trailers\r\n",
			want: http.Header{"Te": {"trailers"}},
		},
		"upgrade": {
			in:   "Connection: keep-alive, upgrade, X-Hop\r\nUpgrade: websocket\r\nX-Hop: 1\r\nSec-WebSocket-Key: k\r\n",
			want: http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-WebSocket-Key": {"k"}},
		},
		"upgrade not named": {
			in:   "Upgrade: websocket\r\n",
			want: http.Header{},
		},
		"duplicates and our user agent": {
			in:   "Cookie: a\r\nCookie: b\r\nUser-Agent: curl\r\nAccept-Encoding: br\r\n",
			want: http.Header{"Cookie": {"a", "b"}, "User-Agent": {"curl"}, "Accept-Encoding": {"br"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET / HTTP/1.1\r\nHost: h\r\n" + tc.in + "\r\n")))
			require.NoError(t, err)
			r.RemoteAddr = "1.2.3.4:5"
			if tc.peer != "" {
				r.RemoteAddr, r.Host = tc.peer, tc.host
			}
			if tc.tls {
				r.TLS = &tls.ConnectionState{}
			}
			before := r.Header.Clone()
			want := http.Header{
				"X-Forwarded-For": {"1.2.3.4"}, "X-Forwarded-Host": {"h"}, "X-Forwarded-Proto": {"http"},
				"Forwarded": {`for=1.2.3.4;host="h";proto=http`}, "User-Agent": {""},
			}
			if tc.peer == "@" {
				want["X-Forwarded-Host"] = []string{""}
			}
			for k, v := range tc.want {
				want[k] = v
				if v == nil {
					delete(want, k)
				}
			}
			var trusted []netip.Prefix
			if tc.trusted != "" {
				trusted = append(trusted, netip.MustParsePrefix(tc.trusted))
			}
			got := http.Header{}
			outboundHeader(got, r, trusted)
			require.Equal(t, want, got)
			require.Equal(t, before, r.Header, "the request is not ours to change")
		})
	}
}

// Whatever a client sends, the upstream sees no hop-by-hop header, our words alone for who asked,
// and no line break in a value.
func FuzzOutboundHeader(f *testing.F) {
	f.Add("Connection: x, close\r\nX: 1\r\n", "1.2.3.4:5", "h")
	f.Add("X-Forwarded-For: a\r\nX_Forwarded_For: b\r\nForwarded: for=\"\r\n", "[::1]:1", `a"b`)
	f.Add("Connection: Upgrade\r\nUpgrade: websocket\r\nTE: trailers\r\n", "", "")
	f.Fuzz(func(t *testing.T, lines, peer, host string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET / HTTP/1.1\r\n" + lines + "\r\n")))
		if err != nil {
			return
		}
		if host == "" || strings.ContainsAny(host, "\r\n") || strings.ContainsAny(peer, "\r\n") {
			host, peer = "h", "1.2.3.4:5" // the library lets no such host or address through
		}
		r.RemoteAddr, r.Host = peer, host
		h := http.Header{}
		outboundHeader(h, r, nil)
		for name, values := range h {
			switch name {
			case "Connection", "Upgrade":
				require.NotEmpty(t, upgradeProtocol(r.Header))
			case "Te":
				require.Equal(t, []string{"trailers"}, values)
			default:
				require.False(t, hopByHop(name), name)
			}
			for _, v := range values {
				require.False(t, strings.ContainsAny(v, "\r\n"), "%s: %q", name, v)
			}
		}
		require.Equal(t, []string{"http"}, h["X-Forwarded-Proto"])
		require.Equal(t, []string{host}, h["X-Forwarded-Host"])
		if ip, _, err := net.SplitHostPort(peer); err == nil {
			ip, _, _ = strings.Cut(ip, "%")
			require.Equal(t, []string{ip}, h["X-Forwarded-For"])
			require.Len(t, h["Forwarded"], 1)
		} else {
			require.NotContains(t, h, "X-Forwarded-For")
			require.NotContains(t, h, "Forwarded")
		}
		require.NotContains(t, h, "X_forwarded_for")
	})
}
