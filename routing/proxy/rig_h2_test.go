package proxy

import (
	"net/http"
	"strings"
	"testing"

	"slbtui/routing/proxy/h2test"
)

// h2 is a client that speaks HTTP/2 alone.
func (g *rig) h2() *http.Client {
	tr := &http.Transport{Protocols: new(http.Protocols)}
	tr.Protocols.SetUnencryptedHTTP2(true)
	g.t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// rawH2 is a connection of HTTP/2 on which anything can be said.
func (g *rig) rawH2(t *testing.T) *h2test.Conn {
	return h2test.Dial(t, strings.TrimPrefix(g.url, "http://"), nil)
}
