package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func echo(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }

func TestBodyTooLargeIs413(t *testing.T) {
	for name, tc := range map[string]struct {
		send     string
		attempts int
	}{
		"by its length":     {"Content-Length: 11\r\n\r\nhello world", 0},
		"found out":         {"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", 1},
		"a body never sent": {"Content-Length: 99999999999\r\n\r\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, Config{Body: BodyLimits{Bytes: 10}}, upstreamOf(t, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
			_, r := g.raw("POST / HTTP/1.1\r\nHost: h\r\n" + tc.send)
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err)
			require.Equal(t, 413, res.StatusCode)
			require.True(t, res.Close, "the rest of the body is no request")
			reason, _ := reasonOf(t, res)
			require.Equal(t, "body_too_large", reason)
			_, err = r.ReadByte()
			require.Error(t, err)
			x := g.exchange()
			require.Equal(t, 413, x.Status)
			require.Equal(t, tc.attempts, x.Attempts)
			require.False(t, x.Outcome.Failed(), "none of the server's fault")
			require.Positive(t, x.Bytes)
		})
	}
	t.Run("as large as allowed", func(t *testing.T) {
		g := newRig(t, Config{Body: BodyLimits{Bytes: 10}}, upstreamOf(t, echo))
		for _, reader := range []io.Reader{strings.NewReader("0123456789"), io.MultiReader(strings.NewReader("0123456789"))} {
			res, err := g.client.Post(g.url, "text/plain", reader)
			require.NoError(t, err)
			require.Equal(t, "0123456789", body(t, res))
			require.EqualValues(t, 10, g.exchange().Bytes)
		}
	})
}

func TestBodyTooSlowIs408(t *testing.T) {
	slow := BodyLimits{Timeout: 30 * time.Millisecond, Progress: 100}
	for name, tc := range map[string]struct{ path, sent string }{
		"stalls":              {"/", "hel"},
		"trickles":            {"/", strings.Repeat("x", 99)},
		"on our own path too": {"/health", "hel"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, Config{Body: slow, HealthPath: "/health"}, upstreamOf(t, echo))
			_, r := g.raw("POST " + tc.path + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + tc.sent)
			res, err := http.ReadResponse(r, nil)
			require.NoError(t, err)
			_ = body(t, res)
			_, err = r.ReadByte()
			require.ErrorIs(t, err, io.EOF, "the connection does not stay")
			if tc.path == "/" {
				require.Equal(t, 408, res.StatusCode)
				x := g.exchange()
				require.Equal(t, 408, x.Status)
				require.False(t, x.Outcome.Failed())
			}
		})
	}
}

// deadlines is a ResponseWriter that notes the read deadline.
type deadlines struct {
	http.ResponseWriter
	at time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error { d.at = t; return nil }

func TestBodyThatMovesMayTakeItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &deadlines{}
		pr, pw := io.Pipe()
		defer pr.Close()
		b := newRequestBody(w, &http.Request{ContentLength: -1, Body: pr}, BodyLimits{Timeout: 10 * time.Second, Progress: 4})
		step := func(after time.Duration, send string) time.Duration {
			time.Sleep(after) // no time passes but the bubble's own
			go func() { _, _ = io.WriteString(pw, send) }()
			_, err := io.ReadFull(b, make([]byte, len(send)))
			require.NoError(t, err)
			return time.Until(w.at)
		}
		require.Equal(t, 10*time.Second, time.Until(w.at), "counted from the beginning, not from the first read")
		require.Equal(t, 10*time.Second, step(9*time.Second, "data"))
		require.Equal(t, 6*time.Second, step(4*time.Second, "abc"), "too little to count")
		require.Equal(t, 10*time.Second, step(time.Second, "d"))
		require.Equal(t, 9*time.Second, step(time.Second, "data"), "not renewed for every read")
		require.NoError(t, pw.Close())
		_, err := b.Read(make([]byte, 1))
		require.Equal(t, io.EOF, err)
		require.True(t, w.at.IsZero(), "the deadline does not outlive the body")
	})
}

func TestRequestsAreNamed(t *testing.T) {
	up := upstreamOf(t, func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprint(w, r.Header[RequestIDHeader]) })
	for name, tc := range map[string]struct {
		names bool
		sent  []string
		want  string // "" is a name of ours
	}{
		"off":          {false, nil, "[]"},
		"client's own": {true, []string{"abc-1"}, "[abc-1]"},
		"none":         {true, nil, ""},
		"two":          {true, []string{"a", "b"}, ""},
		"endless":      {true, []string{strings.Repeat("x", 129)}, ""},
		"unprintable":  {true, []string{"a b"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, Config{NameRequests: tc.names}, up)
			req, err := http.NewRequest(http.MethodGet, g.url, nil)
			require.NoError(t, err)
			req.Header[RequestIDHeader] = tc.sent
			res, err := g.client.Do(req)
			require.NoError(t, err)
			got, x := body(t, res), g.exchange()
			if tc.want != "" {
				require.Equal(t, tc.want, got)
				return
			}
			require.Len(t, x.ID, 32)
			require.Equal(t, "["+x.ID+"]", got)
			require.Equal(t, "/", x.Request.Path())
		})
	}
}

func TestUpstreamTLS(t *testing.T) {
	var plain int
	up := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	up.Config.ErrorLog = log.New(io.Discard, "", 0)
	up.StartTLS()
	t.Cleanup(up.Close)
	known := x509.NewCertPool()
	known.AddCert(up.Certificate())
	for name, tc := range map[string]struct {
		verify *tls.Config
		url    string
		status int
		text   string
	}{
		"known authority":    {&tls.Config{RootCAs: known}, up.URL, 200, "HTTP/1.1"},
		"unknown authority":  {nil, up.URL, 502, "tls_failed"},
		"another name":       {&tls.Config{RootCAs: known, ServerName: "other"}, up.URL, 502, "tls_failed"},
		"anything, if asked": {&tls.Config{InsecureSkipVerify: true}, up.URL, 200, "HTTP/1.1"},
		"no TLS there":       {&tls.Config{RootCAs: known}, strings.Replace(upstreamOf(t, func(http.ResponseWriter, *http.Request) { plain++ }), "http:", "https:", 1), 502, "tls_failed"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t, Config{UpstreamTLS: tc.verify}, tc.url)
			res, err := g.client.Get(g.url)
			require.NoError(t, err)
			require.Equal(t, tc.status, res.StatusCode)
			require.Contains(t, body(t, res), tc.text)
		})
	}
	require.Zero(t, plain)

	t.Run("another server gets what could not be sent", func(t *testing.T) {
		g := newRig(t, Config{}, up.URL, upstreamOf(t, echo))
		res, err := g.client.Post(g.url, "text/plain", strings.NewReader("once"))
		require.NoError(t, err)
		require.Equal(t, "once", body(t, res))
	})
}
