package proxy

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing/proxy/h2test"
)

// The library takes a length that is none for 0, and the first of several for all.
func TestLengthsThatAreNoneAreRefused(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, echo))
	for name, tc := range map[string]struct {
		lengths []string
		status  string
	}{
		"letters":      {[]string{"abc"}, "400"},
		"a comma":      {[]string{"3,"}, "400"},
		"a list":       {[]string{"3, 3"}, "400"},
		"nothing":      {[]string{""}, "400"},
		"a plus":       {[]string{"+3"}, "400"},
		"negative":     {[]string{"-1"}, "400"},
		"hexadecimal":  {[]string{"0x3"}, "400"},
		"too large":    {[]string{"18446744073709551617"}, "400"},
		"beyond 63":    {[]string{"9223372036854775808"}, "400"},
		"unequal":      {[]string{"3", "5"}, "400"},
		"unequal, too": {[]string{"3", "x"}, "400"},
		"equal":        {[]string{"3", "3"}, "200"},
		"right":        {[]string{"3"}, "200"},
		"none":         {nil, "200"},
	} {
		t.Run(name, func(t *testing.T) {
			s := g.rawH2(t)
			fields := []string{":method", "POST", ":path", "/", ":scheme", "http", ":authority", "h"}
			for _, n := range tc.lengths {
				fields = append(fields, "content-length", n)
			}
			s.Request(1, 0, fields...)
			if tc.status == "200" { // the others are refused before their body comes
				require.NoError(t, s.Send(h2test.Frame{Kind: h2test.Data, Flags: h2test.EndStream, Stream: 1, Payload: []byte("abc")}))
			}
			require.Equal(t, tc.status, s.Status())
			x := g.exchange()
			require.Equal(t, tc.status, fmt.Sprint(x.Status))
			require.Equal(t, tc.status == "200", x.Attempts == 1)
		})
	}
	t.Run("of a body that there is not", func(t *testing.T) {
		s := g.rawH2(t)
		s.Request(1, h2test.EndStream, ":method", "GET", ":path", "/", ":scheme", "http", ":authority", "h", "content-length", "3")
		require.Equal(t, "400", s.Status())
	})
}

// HTTP/1.0 has no chunks: a server that knows them reads another request than one that does not.
func TestABodyInHTTP10NeedsALength(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, echo))
	for request, status := range map[string]int{
		"POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n": 411,
		"PUT / HTTP/1.0\r\nHost: h\r\n\r\nabc":                                                  411,
		"POST / HTTP/1.0\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc":                            200,
		"POST / HTTP/1.1\r\nHost: h\r\n\r\n":                                                    200,
		"GET / HTTP/1.0\r\nHost: h\r\n\r\n":                                                     200,
	} {
		_, r := g.raw(request)
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, status, res.StatusCode, request)
	}
}

// "OPTIONS *" asks us, not a server. It is counted as any other.
func TestTheGeneralQuestionIsAnsweredAndCounted(t *testing.T) {
	g := newRig(t, Config{HealthPath: "/health"}, upstreamOf(t, func(http.ResponseWriter, *http.Request) { panic("must not arrive") }))
	_, r := g.raw("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n")
	res, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	require.Equal(t, 200, res.StatusCode)
	require.Empty(t, body(t, res))
	require.False(t, res.Close)
	x := g.exchange()
	require.Equal(t, 200, x.Status)
	require.Zero(t, x.Attempts)

	_, r = g.raw("GET * HTTP/1.1\r\nHost: h\r\n\r\n")
	res, err = http.ReadResponse(r, nil)
	require.NoError(t, err)
	require.Equal(t, 400, res.StatusCode, "a question that there is not")
}

// A balancer that is its own server, by whatever way, ends the circle; two in a row are none.
func TestACircleEndsAtOnce(t *testing.T) {
	var inner http.Handler
	passed := atomic.Int64{}
	g := newRig(t, Config{Name: "slbtui-me"}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		passed.Add(1)
		inner.ServeHTTP(w, r)
	}))
	inner = g.handler
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	require.Equal(t, 508, res.StatusCode)
	reason, _ := reasonOf(t, res)
	require.Equal(t, "loop", reason)
	require.EqualValues(t, 1, passed.Load())

	far := newRig(t, Config{}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Join(r.Header["Via"], " | "))
	}))
	near := newRig(t, Config{}, far.url)
	for request, want := range map[string]string{
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n":                                        "1.1 NEAR, 1.1 FAR",
		"GET / HTTP/1.0\r\nHost: h\r\n\r\n":                                        "1.0 NEAR, 1.1 FAR",
		"GET / HTTP/1.1\r\nHost: h\r\nVia: 1.1 a, 1.0 b\r\nVia: 1.1 c (x)\r\n\r\n": "1.1 a, 1.0 b, 1.1 c (x), 1.1 NEAR, 1.1 FAR",
		"GET / HTTP/1.1\r\nHost: h\r\nConnection: via\r\nVia: 1.1 a\r\n\r\n":       "1.1 NEAR, 1.1 FAR",
	} {
		_, r := near.raw(request)
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, 200, res.StatusCode)
		want = strings.NewReplacer("NEAR", near.handler.via.name, "FAR", far.handler.via.name).Replace(want)
		require.Equal(t, want, body(t, res))
	}
}

// Nobody but its true name says what a request is called.
func TestOtherSpellingsOfTheRequestIDAreDropped(t *testing.T) {
	g := newRig(t, Config{NameRequests: true}, upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if strings.Contains(strings.ToLower(name), "request") {
				_, _ = fmt.Fprintln(w, name, r.Header[name])
			}
		}
	}))
	_, r := g.raw("GET / HTTP/1.1\r\nHost: h\r\nX_Request_Id: evil\r\nX.Request.Id: evil\r\nX-Request_ID: evil\r\nX-Request-Id: mine\r\n\r\n")
	res, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	require.Equal(t, "X-Request-Id [mine]\n", body(t, res))
}
