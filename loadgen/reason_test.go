package loadgen

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Each way in which a target can fail has its word.
func TestWhyRequestsFailed(t *testing.T) {
	listen := func(serve func(net.Conn)) string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go serve(c)
			}
		}()
		return l.Addr().String()
	}
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, gone.Close())
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	silent := make(chan struct{})
	defer close(silent)
	for want, url := range map[Reason]string{
		ReasonRefused: "http://" + gone.Addr().String(),
		ReasonReset: "http://" + listen(func(c net.Conn) {
			_, _ = c.Read(make([]byte, 1000))
			_ = c.Close()
		}),
		ReasonTimeout: "http://" + listen(func(c net.Conn) {
			<-silent
			_ = c.Close()
		}),
		ReasonTLS: secure.URL, // its certificate is nobody's
		ReasonDNS: "http://nowhere.invalid",
		ReasonOther: "http://" + listen(func(c net.Conn) {
			_, _ = c.Read(make([]byte, 1000))
			_, _ = c.Write([]byte("what is this?\r\n\r\n"))
			_ = c.Close()
		}),
	} {
		t.Run(string(want), func(t *testing.T) {
			cfg := Config{URL: url, Rate: 1000, Arrivals: Constant, Duration: 2 * time.Millisecond, Drain: time.Minute}
			if want == ReasonTimeout {
				cfg.Timeout = 20 * time.Millisecond
			}
			g, err := New(cfg)
			require.NoError(t, err)
			require.NoError(t, g.Run(t.Context()))
			s := g.Stats()
			require.Equal(t, map[string]uint64{string(want): s.Failed}, s.ByError)
			require.NotZero(t, s.Failed)
			require.Empty(t, s.ByStatus)
		})
	}
	// Plain HTTP where TLS is expected, and a body that breaks off.
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("short"))
	}))
	defer plain.Close()
	for url, want := range map[string]Reason{"https://" + plain.Listener.Addr().String(): ReasonTLS, plain.URL: ReasonReset} {
		g, err := New(Config{URL: url, Rate: 1000, Arrivals: Constant, Duration: 2 * time.Millisecond, Drain: time.Minute})
		require.NoError(t, err)
		require.NoError(t, g.Run(t.Context()))
		require.NotZero(t, g.Stats().ByError[string(want)], url)
	}
}

func TestStatusesAreCounted(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bad" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer srv.Close()
	s := runAgainst(t, srv, Config{Paths: []Path{{"/", 1}, {"/bad", 1}}, Seed: 1})
	require.Len(t, s.ByStatus, 2)
	require.Equal(t, s.Failed, s.ByStatus["503"])
	require.Equal(t, s.Completed, s.ByStatus["200"]+s.ByStatus["503"])
	require.Empty(t, s.ByError)
}
