package backends

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
)

func TestEveryPathAndMethodIsServed(t *testing.T) {
	inBubble(t, Config{ID: "server1", BaseDelayMS: 50}, func(w *world) {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
			r := w.do(context.Background(), method, "/any/path?q=1", "a body")
			require.NoError(t, r.err)
			require.Equal(t, 200, r.status)
			require.Contains(t, r.body, `"server_id":"server1","message":"Hello from server1","response_time_ms":50.000`)
		}
		r := w.do(context.Background(), "HEAD", "/", "")
		require.Equal(t, reply{status: 200}, r)
		require.Contains(t, w.do(context.Background(), "POST", "/health", "").body, "message", "only GET asks for health")
		require.Equal(t, uint64(8), w.Status().Served)
	})
}

func TestHealthWaitsForNoSlot(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 300, Workers: 2}, func(w *world) {
		var replies []<-chan reply
		for range 5 {
			replies = append(replies, w.begin(context.Background(), "/"))
		}
		st := w.Status()
		require.Equal(t, []int{2, 3, 5}, []int{st.Busy, st.Queued, st.Active})
		start := time.Now()
		r := w.get("/health")
		require.Zero(t, time.Since(start))
		require.Contains(t, r.body, `"cpu_utilization":100.0,"active_requests":5,"avg_response_time":0.000,"health_status":"unhealthy"`)
		for _, r := range replies {
			require.Equal(t, 200, (<-r).status)
		}
		require.Equal(t, 900*time.Millisecond, time.Since(start))

		// 300, 300, 600, 600 and 900 ms; then they are forgotten.
		require.InDelta(t, 540, w.Status().AvgResponseMS, 1e-6)
		require.Equal(t, Unhealthy, w.Status().Health)
		time.Sleep(recentAge)
		require.Equal(t, Healthy, w.Status().Health)
	})
}

func TestClientLeavesTheQueue(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 100, Workers: 1}, func(w *world) {
		start := time.Now()
		ctx, leave := context.WithCancel(context.Background())
		w.begin(context.Background(), "/")
		leaver := w.begin(ctx, "/")
		last := w.begin(context.Background(), "/")
		leave()
		require.Error(t, (<-leaver).err)
		synctest.Wait()
		require.Equal(t, 1, w.Status().Queued)
		require.Equal(t, 200, (<-last).status)
		require.Equal(t, 200*time.Millisecond, time.Since(start))
		require.Zero(t, w.Status().Failed)
	})
}

func TestServiceGoesOnWithoutItsClient(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 100, Workers: 1}, func(w *world) {
		ctx, leave := context.WithCancel(context.Background())
		leaver := w.begin(ctx, "/")
		leave()
		require.Error(t, (<-leaver).err)
		synctest.Wait()
		require.Equal(t, 1, w.Status().Busy)
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		require.Zero(t, w.Status().Busy)
	})
}

func TestTooManyRequests(t *testing.T) {
	inBubble(t, Config{Workers: 1}, func(w *world) {
		w.active.Add(1 + maxQueue)
		defer w.active.Add(-1 - maxQueue)
		r := w.get("/")
		require.Equal(t, 503, r.status)
		require.Contains(t, r.body, "too many requests are waiting")
		require.Equal(t, uint64(1), w.Status().Failed)
	})
}

func TestBodyLimit(t *testing.T) {
	inBubble(t, Config{}, func(w *world) {
		body := strings.Repeat("x", maxBody)
		require.Equal(t, 200, w.do(context.Background(), "POST", "/", body).status)
		require.Equal(t, 413, w.do(context.Background(), "POST", "/", body+"x").status)
	})
}

func TestStopDrains(t *testing.T) {
	for _, tt := range []struct {
		name   string
		cfg    Config
		fault  fault.Fault
		takes  time.Duration
		served bool
	}{
		{"a request in progress", Config{BaseDelayMS: 500}, fault.Fault{}, 500 * time.Millisecond, true},
		{"a stalled one goes on", Config{BaseDelayMS: 500}, fault.Fault{Stall: true}, 500 * time.Millisecond, true},
		{"one that lasts too long", Config{BaseDelayMS: 5000}, fault.Fault{}, drainTime, false},
		{"a delayed one", Config{}, fault.Fault{Delay: time.Hour}, drainTime, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, tt.cfg)
				w.SetFault(fault.Span{Fault: tt.fault})
				w.start()
				r := w.begin(context.Background(), "/")
				start := time.Now()
				w.stop()
				require.NoError(t, <-w.served)
				require.GreaterOrEqual(t, time.Since(start), tt.takes)
				require.LessOrEqual(t, time.Since(start), drainTime)
				require.Equal(t, tt.served, (<-r).err == nil)
				require.Error(t, w.get("/").err)
				require.Zero(t, w.Status().Active)
				require.Empty(t, w.Status().Health)
			})
		})
	}
}

func TestStopWhileCrashed(t *testing.T) {
	inBubble(t, Config{}, func(w *world) {
		w.SetFault(fault.Span{Fault: fault.Fault{Crash: true}})
		synctest.Wait()
	})
}

func TestBrokenListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, Config{})
		w.start()
		require.NoError(t, w.pipes.ln.Close())
		require.ErrorIs(t, <-w.served, net.ErrClosed)
		w.stop()
	})
}

func TestListenErrors(t *testing.T) {
	s, err := New(Config{ID: "a"})
	require.NoError(t, err)
	require.ErrorContains(t, s.Serve(t.Context()), "call Listen")
	require.NoError(t, s.Listen())
	require.ErrorContains(t, s.Listen(), "already listening")

	_, port, err := net.SplitHostPort(s.Addr())
	require.NoError(t, err)
	n, err := strconv.Atoi(port)
	require.NoError(t, err)
	other, err := New(Config{ID: "b", Port: n})
	require.NoError(t, err)
	err = other.Listen()
	require.ErrorIs(t, err, syscall.EADDRINUSE)
	require.ErrorContains(t, err, `server "b": listen on `+s.Addr())

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, s.Serve(ended))
}

func TestServeWithEndedContextReleasesTheListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, Config{})
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		require.NoError(t, w.Serve(ended))
		require.True(t, w.pipes.ln.isClosed())
	})
}

// Over real TCP: the same port after a crash, and nothing left at the end.
func TestOverTCP(t *testing.T) {
	s, err := New(Config{ID: "a", Host: "localhost"})
	require.NoError(t, err)
	require.NoError(t, s.Listen())
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx) }()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	get := func() int {
		resp, err := client.Get("http://" + s.Addr() + "/")
		if err != nil {
			return 0
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}

	require.Equal(t, 200, get())
	addr := s.Addr()
	s.SetFault(fault.Span{Fault: fault.Fault{Crash: true}})
	require.Zero(t, get())
	s.ClearFaults()
	require.Eventually(t, func() bool { return get() == 200 }, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, addr, s.Addr())
	stop()
	require.NoError(t, <-served)
	require.Zero(t, get())
}
