package proxy

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheClientBehindTrustedProxies(t *testing.T) {
	ours := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, test := range []struct {
		peer, forwardedFor, forwarded string
		trusted                       []netip.Prefix
		want                          string
	}{
		{"192.0.2.1", "203.0.113.9", "", ours, "192.0.2.1"}, // a stranger says what he likes
		{"10.0.0.1", "203.0.113.9", "", nil, "10.0.0.1"},
		{"10.0.0.1", "203.0.113.9", "", ours, "203.0.113.9"},
		{"10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.7", "", ours, "203.0.113.9"}, // the first is made up
		{"10.0.0.1", "10.0.0.3, 10.0.0.2", "", ours, "10.0.0.3"},
		{"10.0.0.1", "[2001:db8::1]:4711", "", ours, "2001:db8::1"},
		{"10.0.0.1", "203.0.113.9:80", "", ours, "203.0.113.9"},
		{"10.0.0.1", "::ffff:203.0.113.9", "", ours, "203.0.113.9"},
		{"10.0.0.1", "203.0.113.9, unknown", "", ours, "10.0.0.1"},
		{"10.0.0.1", "203.0.113.9, \x1b[31m", "", ours, "10.0.0.1"},
		{"10.0.0.1", "", `for=1.1.1.1, for="[2001:db8::2]:99";proto=https;by=10.0.0.9`, ours, "2001:db8::2"},
		{"10.0.0.1", "203.0.113.9", "for=1.1.1.1", ours, "203.0.113.9"},
		{"10.0.0.1", "", "", ours, "10.0.0.1"},
		{"fd00::1%eth0", "203.0.113.9", "", ours, "203.0.113.9"},
		{"@", "203.0.113.9", "", ours, "@"},
	} {
		h := http.Header{}
		if test.forwardedFor != "" {
			h.Set("X-Forwarded-For", test.forwardedFor)
		}
		if test.forwarded != "" {
			h.Set("Forwarded", test.forwarded)
		}
		require.Equal(t, test.want, behind(test.peer, h, test.trusted), "%+v", test)
	}
}
