package proxy

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing/proxy/h2test"
)

// seen is an upstream that answers with the target that it saw.
func seen(t *testing.T) string {
	return upstreamOf(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = fmt.Fprint(w, r.RequestURI)
	})
}

// A path that is decoded and encoded anew is another path: /x%2F..%2Fadmin would become /x/../admin.
func TestTargetsGoThroughAsWritten(t *testing.T) {
	targets := []string{
		"/a%2Fb", "/a%2Fb|c", "/x%2F..%2Fadmin|", "/a%3Bb^", "/caf\xc3\xa9/a%2Fb", "/\xff\xfe%2f", `/<a>{b}\"c"` + "`%7c%7C",
		"/?q=%2F|{}^\"<>`\\caf\xc3\xa9", "/a?", "/?", "/a??b?", "/%41%2e%2E/./../b//c", "/a;b=c,d:e@f&g=h+i$j!k'(l)*", "//double%2F", "/%00", "/*",
	}
	ways := map[string]string{ // the lean half, and the library's
		"lean":    "GET %s HTTP/1.1\r\nHost: h\r\n\r\n",
		"library": "POST %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
	}
	up := seen(t)
	for _, base := range []string{"", "/", "/base", "/b%2Fase/"} {
		g := newRig(t, Config{}, up+base)
		prefix := strings.TrimSuffix(base, "/")
		for way, request := range ways {
			for _, target := range targets {
				for _, form := range []string{"", "http://h", "https://user-less.example:1"} {
					_, r := g.raw(fmt.Sprintf(request, form+target))
					res, err := http.ReadResponse(r, nil)
					require.NoError(t, err)
					require.Equal(t, 200, res.StatusCode, target)
					require.Equal(t, prefix+target, body(t, res), "%s, %s", way, form)
				}
			}
		}
	}
}

// Behind http.Transport two slashes and what ought to be encoded do not go together: that much is encoded.
func TestTwoSlashesAndRawBytes(t *testing.T) {
	g := newRig(t, Config{}, seen(t))
	for want, request := range map[string]string{
		"//a%2Fb|?c|":   "GET //a%2Fb|?c| HTTP/1.1\r\nHost: h\r\n\r\n",
		"//a%2Fb%7C?c|": "POST //a%2Fb|?c| HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"//a?":          "POST //a? HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	} {
		_, r := g.raw(request)
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, want, body(t, res))
	}
}

func TestTheAbsoluteFormsPath(t *testing.T) {
	g := newRig(t, Config{}, seen(t)+"/base")
	for form, want := range map[string]string{"http://h": "/base/", "http://h?a=/b": "/base/?a=/b", "http://h/?": "/base/?"} {
		_, r := g.raw("GET " + form + " HTTP/1.1\r\nHost: h\r\n\r\n")
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, want, body(t, res))
	}
}

func TestTargetsGoThroughAsWrittenFromHTTP2(t *testing.T) {
	g := newRig(t, Config{}, seen(t)+"/base")
	for _, target := range []string{"/a%2Fb", "/x%2F..%2Fadmin|", `/<a>{b}\"c"` + "`^", "/caf\xc3\xa9/a%2Fb", "/a|b?c|d", "/a?"} {
		for _, payload := range []io.Reader{nil, io.MultiReader(strings.NewReader("x"))} {
			req, err := http.NewRequest(http.MethodPut, g.url, payload)
			require.NoError(t, err)
			req.URL = &url.URL{Scheme: "http", Host: req.URL.Host, Opaque: target}
			res, err := g.h2().Do(req)
			require.NoError(t, err)
			require.Equal(t, 2, res.ProtoMajor)
			require.Equal(t, "/base"+target, body(t, res))
		}
	}
}

// What would end an HTTP/1.1 request line must not reach a server, whose fault it would seem to be; nor a
// fragment, which one server takes for part of the path and another does not.
func TestWhatEndsARequestLine(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, func(http.ResponseWriter, *http.Request) { panic("must not arrive") }))
	for name, fields := range map[string][]string{
		"space in the path":  {":method", "GET", ":path", "/a b"},
		"space in the query": {":method", "GET", ":path", "/?a b"},
		"fragment":           {":method", "GET", ":path", "/a#b"},
		"fragment behind":    {":method", "GET", ":path", "/?a#b"},
		"bare fragment":      {":method", "GET", ":path", "/#"},
		"method":             {":method", "GET /x HTTP/1.1", ":path", "/"},
		"no token":           {":method", "G@T", ":path", "/"},
		"host":               {":method", "GET", ":path", "/", ":authority", "h x"},
		"host's path":        {":method", "GET", ":path", "/", ":authority", "h/x"},
		"host's letters":     {":method", "GET", ":path", "/", ":authority", "münchen.de"},
	} {
		t.Run(name, func(t *testing.T) {
			if len(fields) == 4 {
				fields = append(fields, ":authority", "h")
			}
			s := g.rawH2(t)
			s.Request(1, h2test.EndStream, append(fields, ":scheme", "http")...)
			require.Equal(t, "400", s.Status())
		})
	}
	for _, target := range []string{"/a#b", "/#", "/?a#b", "http://h/#b", "http://h#b", "http:/a", "http:///a", "https:a"} {
		_, r := g.raw("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n")
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, 400, res.StatusCode, target)
	}
}
