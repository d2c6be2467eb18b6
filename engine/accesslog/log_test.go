package accesslog

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/proxy"
)

func sample() proxy.Exchange {
	r := httptest.NewRequest(http.MethodPost, "http://h/a%20b?token=secret", nil)
	r.Header.Set("Authorization", "Bearer secret")
	r.Header.Set("Cookie", "secret")
	r.Header.Set("User-Agent", "curl/8")
	r.RemoteAddr = "[::1]:5"
	return proxy.Exchange{
		Request: proxy.HTTPRequest{Request: r}, ID: "id-1", Policy: "p2c", ServerID: "s1", Status: 201, Bytes: 42, Attempts: 2, Latency: 1500 * time.Microsecond,
		Start: time.Now(), Picked: 250 * time.Microsecond, InFlight: 3, Header: time.Millisecond, Upstream: 1125 * time.Microsecond, Waited: 125 * time.Microsecond,
	}
}

func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestALinePerRequestWithoutSecrets(t *testing.T) {
	var b bytes.Buffer
	l := New(&b)
	l.Observe(sample())
	require.Zero(t, b.Len(), "buffered")
	require.NoError(t, l.Run(ended()))
	require.NotContains(t, b.String(), "secret")
	require.Equal(t, 1, strings.Count(b.String(), "\n"))
	var line map[string]any
	require.NoError(t, json.Unmarshal(b.Bytes(), &line))
	require.NotEmpty(t, line["time"])
	delete(line, "time")
	require.Equal(t, map[string]any{
		"id": "id-1", "client": "::1", "method": "POST", "host": "h", "path": "/a b", "proto": "HTTP/1.1", "status": 201.0,
		"bytes": 42.0, "duration_ms": 1.5, "upstream": "s1", "attempts": 2.0, "policy": "p2c", "cancelled": false,
		"picked_ms": 0.25, "in_flight": 3.0, "header_ms": 1.0, "upstream_ms": 1.125, "client_wait_ms": 0.125, "user_agent": "curl/8",
	}, line)
}

// A request that no server got has no times of one, and says why.
func TestALineOfARefusal(t *testing.T) {
	var b bytes.Buffer
	l := New(&b)
	r := httptest.NewRequest(http.MethodGet, "http://h/", nil)
	r.Header.Set("User-Agent", strings.Repeat("é", 1000))
	x := proxy.Exchange{Request: proxy.HTTPRequest{Request: r}, Status: 503, Refusal: "queue_full", Start: time.Unix(0, 0).UTC(), Latency: time.Second}
	l.Observe(x)
	require.NoError(t, l.Run(ended()))
	line := map[string]any{}
	require.NoError(t, json.Unmarshal(b.Bytes(), &line))
	require.Equal(t, "1970-01-01T00:00:01Z", line["time"])
	require.Equal(t, "queue_full", line["refusal"])
	require.Len(t, line["user_agent"], mostOfAgent)
	for _, key := range []string{"picked_ms", "in_flight", "header_ms", "upstream_ms", "peer"} {
		require.NotContains(t, line, key)
	}
}

func TestNothingAClientSendsBreaksALine(t *testing.T) {
	var b bytes.Buffer
	l := New(&b)
	x := sample()
	r := x.Request.(proxy.HTTPRequest)
	r.URL.Path = "/\n{\"status\":200}\x00\xff\u2028"
	r.Request.Method = "GET\"\n"
	l.Observe(x)
	require.NoError(t, l.Run(ended()))
	require.Equal(t, 1, strings.Count(b.String(), "\n"))
	require.True(t, json.Valid(b.Bytes()))
}

func TestReopenGoesOnInANewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "access.log")
	l, err := Open(path)
	require.NoError(t, err)
	l.Observe(sample())
	require.NoError(t, os.Rename(path, path+".1"))
	require.NoError(t, l.Reopen())
	l.Observe(sample())
	l.Observe(sample())
	require.NoError(t, l.Run(ended()))
	for name, want := range map[string]int{path + ".1": 1, path: 2} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, want, strings.Count(string(text), "\n"), name)
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	_, err = Open(filepath.Join(path, "below a file"))
	require.ErrorContains(t, err, "choose another file")
	require.NoError(t, New(io.Discard).Reopen())
}

func BenchmarkObserve(b *testing.B) {
	b.ReportAllocs()
	l, x := New(io.Discard), sample()
	for b.Loop() {
		l.Observe(x)
	}
}

// A log that is looked at does nothing to the terminal, and says what was sent all the same.
func TestNothingAClientSendsIsObeyed(t *testing.T) {
	var b bytes.Buffer
	l := New(&b)
	x := sample()
	x.Request.(proxy.HTTPRequest).URL.Path = "/\x7f\u009b2J\u202egnp.exe"
	l.Observe(x)
	require.NoError(t, l.Run(ended()))
	require.NotContains(t, b.String(), "\u009b")
	require.Contains(t, b.String(), `/\u007f\u009b2J\u202egnp.exe`)
	var line map[string]any
	require.NoError(t, json.Unmarshal(b.Bytes(), &line))
	require.Equal(t, x.Request.Path(), line["path"])
}
