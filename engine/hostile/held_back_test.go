package hostile

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
)

// overEach runs a test over each protocol that clients speak, before servers in the clear and over TLS. It
// is given a proxy before a server that serves so, as what makes requests of it.
func overEach(t *testing.T, serve func(net.Conn, *http.Request, *bufio.Reader), run func(t *testing.T, toHTTPS bool, proxy http.RoundTripper)) {
	server, files, trust := identity(t)
	for name, p := range map[string]struct {
		scheme string
		files  config.TLS
		set    func(*http.Protocols)
	}{
		"HTTP/1.1": {"http", config.TLS{}, func(p *http.Protocols) { p.SetHTTP1(true) }},
		"TLS":      {"https", files, func(p *http.Protocols) { p.SetHTTP1(true) }},
		"h2c":      {"http", config.TLS{}, func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) }},
		"HTTP/2":   {"https", files, func(p *http.Protocols) { p.SetHTTP2(true) }},
	} {
		for up, secure := range map[string]*tls.Config{"http": nil, "https": server} {
			t.Run(name+" before "+up, func(t *testing.T) {
				url, _ := upstreamThat(t, secure, serve)
				tr := &http.Transport{TLSClientConfig: trust.Clone(), Protocols: new(http.Protocols), DisableCompression: true}
				p.set(tr.Protocols)
				t.Cleanup(tr.CloseIdleConnections)
				run(t, secure != nil, client{tr, p.scheme, proxyBefore(t, p.files, url)})
			})
		}
	}
}

// client sends each request to the proxy.
type client struct {
	*http.Transport
	scheme, address string
}

func (c client) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Scheme, r.URL.Host = c.scheme, c.address
	return c.Transport.RoundTrip(r)
}

// piece is what a server sends at once, and what its client must then have got of the body.
type piece struct{ wire, body string }

const (
	sixBytes = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"
	inChunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
)

var responses = map[string][]piece{
	"/length":        {{sixBytes, ""}, {"abc", "abc"}, {"def", "def"}},
	"/length-with":   {{sixBytes + "abc", "abc"}, {"def", "def"}},
	"/chunks":        {{inChunks, ""}, {"3\r\nabc\r\n", "abc"}, {"3\r\ndef\r\n", "def"}, {"0\r\n\r\n", ""}},
	"/late-line-end": {{inChunks + "3\r\nabc", "abc"}, {"\r\n3\r\ndef", "def"}, {"\r\n0\r\n\r\n", ""}},
	"/late-size":     {{inChunks + "3\r\nabc\r\n0", "abc"}, {"003\r\ndef\r\n", "def"}, {"0\r\n\r\n", ""}},
	"/-to-the-end":   {{"HTTP/1.1 200 OK\r\n\r\n", ""}, {"abc", "abc"}, {"def", "def"}},
	"/-old":          {{"HTTP/1.0 200 OK\r\n\r\n", ""}, {"abc", "abc"}, {"def", "def"}},
	"/-events":       {{"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", ""}, {"data: abc\n\n", "data: abc\n\n"}},
	"/much":          {{inChunks + "2001\r\n" + strings.Repeat("a", 0x2001) + "\r\n", strings.Repeat("a", 0x2001)}, {"0\r\n\r\n", ""}},
	"/half-a-chunk":  {{inChunks + "6\r\nabc", "abc"}, {"def\r\n", "def"}, {"0\r\n\r\n", ""}},
	"/late-trailer":  {{inChunks + "3\r\nabc\r\n0\r\n", "abc"}, {"\r\n", ""}},
}

// What has come of a response, be it only its header, is with the client while the server thinks of what
// comes next: here it goes on only when the client has it.
func TestNothingIsHeldBack(t *testing.T) {
	arrived := make(chan struct{})
	overEach(t, func(c net.Conn, r *http.Request, _ *bufio.Reader) {
		_, _ = io.Copy(io.Discard, r.Body)
		for _, p := range responses[r.URL.Path] {
			_, _ = io.WriteString(c, p.wire)
			select {
			case <-arrived:
			case <-r.Context().Done():
			}
		}
		if r.URL.Path[1] == '-' { // only the connection's end ends it
			_ = c.Close()
		}
	}, func(t *testing.T, toHTTPS bool, proxy http.RoundTripper) {
		for path, pieces := range responses {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				// http.Transport, which has what is not in memory or goes to https, waits for the whole of a chunk.
				if (method == http.MethodPost || toHTTPS) && (path == "/half-a-chunk" || path == "/late-trailer") {
					continue
				}
				t.Run(method+path, func(t *testing.T) { comesInPieces(t, proxy, method, path, pieces, arrived) })
			}
		}
	})
}

func comesInPieces(t *testing.T, proxy http.RoundTripper, method, path string, pieces []piece, arrived chan<- struct{}) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var body io.Reader
	if method == http.MethodPost {
		body = io.MultiReader(strings.NewReader("of unknown length"))
	}
	r, err := http.NewRequestWithContext(ctx, method, path, body)
	require.NoError(t, err)
	res, err := proxy.RoundTrip(r)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	for _, p := range pieces {
		got := make([]byte, len(p.body))
		_, err := io.ReadFull(res.Body, got)
		require.NoError(t, err)
		require.Equal(t, p.body, string(got))
		select {
		case arrived <- struct{}{}:
		case <-ctx.Done():
			require.NoError(t, ctx.Err())
		}
	}
	rest, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Empty(t, rest)
}

// A client may wait for the header before it says a word, and both for each other after that, as gRPC does.
func TestAConversation(t *testing.T) {
	overEach(t, func(c net.Conn, r *http.Request, _ *bufio.Reader) {
		_, _ = io.WriteString(c, inChunks)
		word := make([]byte, 4)
		for {
			if _, err := io.ReadFull(r.Body, word); err != nil {
				break
			}
			_, _ = io.WriteString(c, "4\r\n"+string(word)+"\r\n")
		}
		_, _ = io.WriteString(c, "0\r\n\r\n")
	}, func(t *testing.T, _ bool, proxy http.RoundTripper) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		in, say := io.Pipe()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "/", in)
		require.NoError(t, err)
		res, err := proxy.RoundTrip(r)
		require.NoError(t, err)
		for _, word := range []string{"ping", "pong"} {
			_, err = io.WriteString(say, word)
			require.NoError(t, err)
			got := make([]byte, 4)
			_, err = io.ReadFull(res.Body, got)
			require.NoError(t, err)
			require.Equal(t, word, string(got))
		}
		require.NoError(t, say.Close())
		rest, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Empty(t, rest)
		require.NoError(t, res.Body.Close())
	})
}
