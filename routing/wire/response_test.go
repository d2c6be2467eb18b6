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

const plainResponse = "HTTP/1.1 200 Fine\r\nServer: x\r\nContent-Type: text/html\r\nContent-Length: 5\r\nConnection: keep-alive\r\nX-Served-By: them\r\nx_odd.name: v\r\n\r\n"

func TestResponsesOfTheCommonKind(t *testing.T) {
	var r Response
	require.Equal(t, Plain, r.Read([]byte(plainResponse+"hello")))
	require.Equal(t, 200, r.Status)
	require.Equal(t, int64(5), r.Length)
	require.Equal(t, "text/html", string(r.Type()))
	require.Equal(t, "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Type: text/html\r\nx_odd.name: v\r\nX-Served-By: s1\r\nDate: now\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
		string(r.AppendTo(nil, &Answer{ServedBy: "s1", Date: "now", Close: true})))
	for i := range plainResponse {
		require.Equal(t, More, r.Read([]byte(plainResponse[:i])), i)
	}
	require.Equal(t, Plain, r.Read([]byte("HTTP/1.1 404 \r\nTransfer-Encoding: Chunked\r\nDate: then\r\nConnection: close\r\n\r\n")))
	require.True(t, r.Chunked && r.Close)
	require.Equal(t, "HTTP/1.1 404 Not Found\r\nDate: then\r\nX-Served-By: s1\r\nTransfer-Encoding: chunked\r\n\r\n",
		string(r.AppendTo(nil, &Answer{ServedBy: "s1", Date: "now"})))
	require.Equal(t, Plain, r.Read([]byte("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nContent-Type: a/b\r\nETag: x\r\n\r\n")))
	require.Equal(t, "HTTP/1.1 304 Not Modified\r\nETag: x\r\nX-Served-By: s1\r\nDate: now\r\n\r\n",
		string(r.AppendTo(nil, &Answer{ServedBy: "s1", Date: "now"})))
}

func TestOddResponses(t *testing.T) {
	for name, head := range map[string]string{
		"HTTP/1.0":               "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
		"until its end":          "HTTP/1.1 200 OK\r\n\r\n",
		"an interim one":         "HTTP/1.1 103 Early Hints\r\n\r\n",
		"continue":               "HTTP/1.1 100 Continue\r\n\r\n",
		"a switch":               "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
		"no status":              "HTTP/1.1 600 What\r\nContent-Length: 0\r\n\r\n",
		"a short status":         "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
		"a long status":          "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
		"nothing behind it":      "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
		"bare LF":                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
		"a CR in the words":      "HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n",
		"two lengths":            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
		"both":                   "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
		"another encoding":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
		"chunks of nothing":      "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
		"a length of nothing":    "HTTP/1.1 204 No Content\r\nContent-Length: 1\r\n\r\n",
		"no length":              "HTTP/1.1 304 Not Modified\r\nContent-Length: x\r\n\r\n",
		"a trailer to come":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n",
		"a protocol on offer":    "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nUpgrade: x\r\n\r\n",
		"Connection names":       "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close, X\r\n\r\n",
		"folded":                 "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n",
		"blank before the colon": "HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n",
		"another protocol":       "SSH-2.0-OpenSSH",
		"words without end":      "HTTP/1.1 200 " + strings.Repeat("y", MaxHead) + "\r\nContent-Length: 0\r\n\r\n",
	} {
		var r Response
		require.Equal(t, Odd, r.Read([]byte(head)), name)
	}
}

// FuzzResponse holds of responses what FuzzRequest does of requests.
func FuzzResponse(f *testing.F) {
	f.Add([]byte(plainResponse + "hello"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 204 X\r\nConnection: close\r\nDate: x\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r Response
		if r.Read(b) != Plain {
			return
		}
		src := bufio.NewReader(bytes.NewReader(b))
		lib, err := http.ReadResponse(src, &http.Request{Method: http.MethodGet})
		require.NoError(t, err)
		require.Equal(t, lib.StatusCode, r.Status)
		require.Equal(t, len(lib.TransferEncoding) > 0, r.Chunked)
		if !r.Chunked && !r.Bodiless() {
			require.Equal(t, lib.ContentLength, r.Length)
		}
		if r.Bodiless() {
			require.Zero(t, r.Length)
		}
		require.Equal(t, lib.Close, r.Close)
		out := r.AppendTo(nil, &Answer{ServedBy: "s1", Date: "now"})
		passed, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(out)), &http.Request{Method: http.MethodGet})
		require.NoError(t, err)
		require.Equal(t, lib.StatusCode, passed.StatusCode)
		require.Equal(t, []string{"s1"}, passed.Header["X-Served-By"])
		for name, values := range lib.Header {
			if responseKind([]byte(name)) == kindPlain {
				require.Equal(t, values, passed.Header[name], name)
			}
		}
	})
}

// FuzzChunks holds that a chunked body that is taken here, in whatever pieces, the library takes, with the same
// data, and that both end at the same byte.
func FuzzChunks(f *testing.F) {
	f.Add([]byte("5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\nrest"), uint8(3))
	f.Add([]byte("a \r\n0123456789\r\n00\r\nX: y\r\nZ.z: a\r\n\r\n"), uint8(0))
	f.Add([]byte("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n"), uint8(200))
	f.Fuzz(func(t *testing.T, b []byte, step uint8) {
		var c Chunks
		var data []byte
		n := 0
		for at := 0; at < len(b) && !c.Done(); {
			piece := bytes.Clone(b[at:min(len(b), at+int(step)+1)])
			got, k, err := c.Squeeze(piece)
			if err != nil {
				return
			}
			data = append(data, got...)
			at, n = at+k, at+k
		}
		if !c.Done() {
			return
		}
		src := bufio.NewReader(io.MultiReader(bytes.NewReader([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")), bytes.NewReader(b)))
		lib, err := http.ReadResponse(src, &http.Request{Method: http.MethodGet})
		require.NoError(t, err)
		body, err := io.ReadAll(lib.Body)
		require.NoError(t, err)
		require.Equal(t, body, append([]byte{}, data...))
		rest, err := io.ReadAll(src)
		require.NoError(t, err)
		require.Equal(t, append([]byte{}, rest...), append([]byte{}, b[n:]...))
	})
}

func TestTrailersAreKeptAsFarAsTheyAreAllowed(t *testing.T) {
	var c Chunks
	p := []byte("5\r\nhello\r\n0\r\nX-Sum: 1\r\nAge: 2\r\n\r\nHTTP")
	data, n, err := c.Squeeze(p)
	require.NoError(t, err)
	require.True(t, c.Done())
	require.Equal(t, "hello", string(data))
	require.Equal(t, "HTTP", string(p[n:]))
	require.Equal(t, "0\r\nX-Sum: 1\r\n\r\n", string(c.AppendTrailer(nil, func(name string) bool { return name != "Age" })))
	for _, bad := range []string{"5\nhello", "5 x\r\n", "-1\r\n", "+1\r\n", "\r\n", "5\r\nhelloX", "0\r\nX : y\r\n\r\n", "0\r\n\n", "80000000000000000\r\n", "8000000000000000\r\n", "5;\n\r\n"} {
		var c Chunks
		_, _, err := c.Squeeze([]byte(bad))
		require.Error(t, err, bad)
	}
}

// A body whose trailer is malformed has no end: who is told of one would take it for whole.
func TestAMalformedTrailerIsNoEnd(t *testing.T) {
	for _, bad := range []string{"0\r\nX : y\r\n\r\n", "0\r\nX\r\n\r\n", "0\r\nX: y\r\n z\r\n\r\n"} {
		var c Chunks
		_, _, err := c.Squeeze([]byte("2\r\nhi\r\n" + bad))
		require.ErrorIs(t, err, ErrTrailer, bad)
		require.False(t, c.Done(), bad)
	}
}
