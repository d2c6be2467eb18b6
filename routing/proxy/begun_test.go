package proxy

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What a front has begun goes on as it was, although the configuration of the moment would not have let it: it has
// been sent.
func TestWhatHasBegunGoesOnUnderAnotherConfiguration(t *testing.T) {
	g := newRig(t, Config{}, upstreamOf(t, answerWith(http.StatusOK, "theirs")))
	next := New(Config{Pool: g.pool, Router: g.router, HealthPath: "/path", Name: "next"})
	defer next.Close()

	r := httptest.NewRequest(http.MethodGet, "/path", nil)
	r.Header.Set("Via", "1.1 next")
	var c Course
	c.Begin(t.Context(), g.handler, HTTPRequest{r}, TwiceAlways, 0)
	require.True(t, c.TryFirst())
	c.Next()
	conn, err := c.Half().Plain.Fresh(t.Context(), time.Time{})
	require.NoError(t, err)
	_, err = conn.Write([]byte("GET /path HTTP/1.1\r\nHost: h\r\n\r\n"))
	require.NoError(t, err)

	w := httptest.NewRecorder()
	next.ServeHTTP(w, r.WithContext(c.Leave(conn, nil, time.Time{}, nil).In(t.Context())))
	require.Equal(t, "theirs", w.Body.String())
	require.Zero(t, g.pool.Status()[0].InFlight)
}
