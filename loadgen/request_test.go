package loadgen

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRequestIsWhatWasAskedFor(t *testing.T) {
	var prepared uint64
	r, err := newRequests(Config{
		Method: "POST", URL: "http://target.test/api/", Body: []byte("hello"), Seed: 1,
		Header:  http.Header{"x-key": {"1"}, "Host": {"other.test"}},
		Paths:   []Path{{Path: "orders?x=1", Weight: 1}},
		Prepare: func(seq uint64, r *http.Request) { prepared = seq; r.Header.Set("X-Seq", "7") },
	})
	require.NoError(t, err)
	req := r.make(t.Context(), 7)
	require.Equal(t, "POST", req.Method)
	require.Equal(t, "http://target.test/api/orders?x=1", req.URL.String())
	require.Equal(t, "other.test", req.Host)
	require.Equal(t, "1", req.Header.Get("X-Key"))
	require.EqualValues(t, 5, req.ContentLength)
	for range 2 {
		body, err := io.ReadAll(req.Body)
		require.NoError(t, err)
		require.Equal(t, "hello", string(body))
		req.Body, err = req.GetBody()
		require.NoError(t, err)
	}
	require.EqualValues(t, 7, prepared)
	require.Empty(t, r.template.Header.Get("X-Seq"), "a copy of its own")
}

func TestPathsComeByWeightAndSeed(t *testing.T) {
	draw := func(seed uint64) (paths []string) {
		r, err := newRequests(Config{
			URL: "http://target.test/", Method: "GET", Seed: seed, Paths: []Path{{"/", 10}, {"/health", 3}},
		})
		require.NoError(t, err)
		for seq := range uint64(13_000) {
			paths = append(paths, r.make(t.Context(), seq).URL.Path)
		}
		return paths
	}
	first := draw(1)
	require.InDelta(t, 3000, strings.Count(strings.Join(first, " "), "health"), 250)
	require.Equal(t, first, draw(1))
	require.NotEqual(t, first, draw(2))
}

func TestRequestsOutOfRange(t *testing.T) {
	for want, cfg := range map[string]Config{
		"weight 0":     {Paths: []Path{{"/", 0}}},
		"weight -1":    {Paths: []Path{{"/", -1}}},
		"another host": {Paths: []Path{{"http://elsewhere.test/", 1}}},
		"invalid":      {Method: "A B"},
		"MiB":          {Body: make([]byte, maxRequestBody+1)},
		"users: -1":    {Users: -1},
		"closed loop":  {Users: 1, Schedule: NewTrace(nil)},
	} {
		cfg.URL, cfg.Rate = "http://target.test/", 1
		_, err := New(cfg)
		require.ErrorContains(t, err, want)
	}
}
