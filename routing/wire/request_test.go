package wire

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// plainRequest is one of a browser.
const plainRequest = "GET /a/b%20c?q=1&r=[2] HTTP/1.1\r\nHost: www.example.org:8080\r\nConnection: keep-alive\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64) \"quoted\"\r\nAccept: text/html,*/*;q=0.8\r\nCookie: a=b; c=d\r\n" +
	"X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nX-Forwarded-Port: 1\r\nX-Forwarded-: 1\r\nProxy-Authorization: x\r\n\r\n"

func TestRequestsOfTheCommonKind(t *testing.T) {
	var r Request
	require.Equal(t, Plain, r.Read([]byte(plainRequest+"rest")))
	require.Equal(t, len(plainRequest), r.Size())
	require.Equal(t, "GET", string(r.Method))
	require.Equal(t, "/a/b%20c?q=1&r=[2]", string(r.Target))
	require.Equal(t, "/a/b%20c", string(r.Path()))
	require.False(t, r.Close)
	require.Equal(t, "GET /base/a/b%20c?q=1&r=[2] HTTP/1.1\r\nHost: www.example.org:8080\r\n"+
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) \"quoted\"\r\nAccept: text/html,*/*;q=0.8\r\nCookie: a=b; c=d\r\n"+
		"Via: 1.1 me\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: www.example.org:8080\r\nX-Forwarded-For: ::1\r\n"+
		"Forwarded: for=\"[::1]\";host=\"www.example.org:8080\";proto=http\r\n\r\n",
		string(r.AppendTo(nil, &Forward{Base: "/base", Peer: "::1", Proto: "http", Via: "1.1 me"})))
	for i := range plainRequest {
		require.Equal(t, More, r.Read([]byte(plainRequest[:i])), i)
	}
}

func TestATrustedProxysWordIsKept(t *testing.T) {
	var r Request
	require.Equal(t, Plain, r.Read([]byte("POST / HTTP/1.1\r\nhost:h\r\ncontent-length:  5\t\r\nVia: 1.0 a\r\nx-request-id: theirs\r\n"+
		"x-forwarded-for: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 1.2.3.4\r\nConnection: Close\r\n\r\nhello")))
	require.True(t, r.Close)
	require.Equal(t, 5, r.Length)
	require.Equal(t, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 1.2.3.4\r\nX-Request-Id: ours\r\n"+
		"Via: 1.0 a, 1.1 me\r\nX-Forwarded-Host: h\r\nX-Forwarded-For: 1.2.3.4, 10.0.0.1\r\nForwarded: for=1.2.3.4, for=10.0.0.1;host=\"h\";proto=http\r\n\r\n",
		string(r.AppendTo(nil, &Forward{Peer: "10.0.0.1", Proto: "http", Trusted: true, Via: "1.1 me", ID: "ours"})))
}

func TestOddRequests(t *testing.T) {
	for name, head := range map[string]string{
		"HTTP/1.0":               "GET / HTTP/1.0\r\nHost: h\r\n\r\n",
		"HTTP/2":                 "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"lower case protocol":    "GET / http/1.1\r\nHost: h\r\n\r\n",
		"no host":                "GET / HTTP/1.1\r\n\r\n",
		"an empty host":          "GET / HTTP/1.1\r\nHost:\r\n\r\n",
		"two hosts":              "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
		"a host with a path":     "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n",
		"a host with a user":     "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n",
		"absolute form":          "GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
		"asterisk form":          "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
		"two slashes":            "GET //h/ HTTP/1.1\r\nHost: h\r\n\r\n",
		"a fragment":             "GET /#f HTTP/1.1\r\nHost: h\r\n\r\n",
		"half an escape":         "GET /%2 HTTP/1.1\r\nHost: h\r\n\r\n",
		"no escape":              "GET /% HTTP/1.1\r\nHost: h\r\n\r\n",
		"8-bit target":           "GET /\xe4 HTTP/1.1\r\nHost: h\r\n\r\n",
		"blanks in the line":     "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
		"a tab in the line":      "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n",
		"CONNECT":                "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
		"TRACE":                  "TRACE / HTTP/1.1\r\nHost: h\r\n\r\n",
		"lower case method":      "get / HTTP/1.1\r\nHost: h\r\n\r\n",
		"an unknown method":      "PURGE / HTTP/1.1\r\nHost: h\r\n\r\n",
		"bare LF":                "GET / HTTP/1.1\nHost: h\n\n",
		"a bare LF within":       "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
		"a bare CR":              "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
		"NUL":                    "GET / HTTP/1.1\r\nHost: h\r\nX: a\x00b\r\n\r\n",
		"DEL":                    "GET / HTTP/1.1\r\nHost: h\r\nX: a\x7fb\r\n\r\n",
		"folded":                 "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
		"blank before the colon": "GET / HTTP/1.1\r\nHost: h\r\nX : a\r\n\r\n",
		"no name":                "GET / HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n",
		"no colon":               "GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n",
		"underscore":             "GET / HTTP/1.1\r\nHost: h\r\nX_Real_IP: a\r\n\r\n",
		"dot":                    "GET / HTTP/1.1\r\nHost: h\r\nContent.Length: 1\r\n\r\n",
		"two lengths":            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
		"a list of lengths":      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\n",
		"a signed length":        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n",
		"a long length":          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0000000000001\r\n\r\n",
		"no length":              "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \r\n\r\n",
		"chunked":                "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
		"both":                   "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: identity\r\n\r\n",
		"Expect":                 "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n",
		"Upgrade":                "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
		"Upgrade by itself":      "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n",
		"TE":                     "GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\n\r\n",
		"Trailer":                "GET / HTTP/1.1\r\nHost: h\r\nTrailer: X\r\n\r\n",
		"HTTP2-Settings":         "GET / HTTP/1.1\r\nHost: h\r\nHTTP2-Settings: X\r\n\r\n",
		"Connection names":       "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, X\r\n\r\n",
		"two Connections":        "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nConnection: close\r\n\r\n",
		"two request ids":        "GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n",
		"too many lines":         "GET / HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("X: y\r\n", maxFields) + "\r\n",
		"too long":               "GET / HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("y", MaxHead) + "\r\n\r\n",
		"too long, and no end":   "GET / HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("y", MaxHead),
		"an empty line first":    "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
		"TLS":                    "\x16\x03\x01\x02\x00\x01",
	} {
		var r Request
		require.Equal(t, Odd, r.Read([]byte(head)), name)
	}
}

// FuzzRequest holds that what is taken here the library takes, with the same meaning; and that it reads what is
// made of it as the same request.
func FuzzRequest(f *testing.F) {
	f.Add([]byte(plainRequest))
	f.Add([]byte("POST /?x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\nVia: 1.1 a\r\n\r\nabcGET / HTTP/1.1\r\n\r\n"))
	f.Add([]byte("PUT /%41 HTTP/1.1\r\nHOST: [::1]:80\r\nX-Forwarded-For: a\r\nX: \xff\t \r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r Request
		if r.Read(b) != Plain {
			return
		}
		src := bufio.NewReader(bytes.NewReader(b))
		lib, err := http.ReadRequest(src)
		require.NoError(t, err)
		require.Equal(t, lib.Method, string(r.Method))
		require.Equal(t, lib.RequestURI, string(r.Target))
		require.Equal(t, lib.URL.EscapedPath(), string(r.Path()))
		require.Equal(t, lib.Host, string(r.Host))
		require.Equal(t, lib.ContentLength, int64(r.Length))
		require.Equal(t, lib.Close, r.Close)
		require.Empty(t, lib.TransferEncoding)
		require.True(t, lib.ProtoAtLeast(1, 1))
		if r.Length == 0 {
			rest, err := io.ReadAll(src)
			require.NoError(t, err)
			require.Equal(t, b[r.Size():], append([]byte{}, rest...))
		}
		out := r.AppendTo(nil, &Forward{Peer: "::1", Proto: "http", Via: "1.1 me", ID: "id"})
		var again Request
		require.Equal(t, Plain, again.Read(out), "%q", out)
		require.Equal(t, len(out), again.Size(), "one head, and nothing behind it")
		passed, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(out)))
		require.NoError(t, err)
		require.Equal(t, lib.RequestURI, passed.RequestURI)
		require.Equal(t, lib.Host, passed.Host)
		require.Equal(t, lib.ContentLength, passed.ContentLength)
		require.Equal(t, []string{"::1"}, passed.Header["X-Forwarded-For"])
		require.Equal(t, []string{"id"}, passed.Header["X-Request-Id"])
		for name, values := range lib.Header {
			if requestKind([]byte(name)) == kindPlain {
				require.Equal(t, values, passed.Header[name], name)
			}
		}
	})
}

func BenchmarkRequest(b *testing.B) {
	var r Request
	out := make([]byte, 0, 4096)
	head := []byte(plainRequest)
	f := Forward{Peer: "127.0.0.1", Proto: "http", Via: "1.1 slbtui-0123456789abcdef"}
	b.ReportAllocs()
	for b.Loop() {
		if r.Read(head) != Plain {
			b.Fatal("odd")
		}
		out = r.AppendTo(out[:0], &f)
	}
}
