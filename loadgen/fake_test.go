package loadgen

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// fake is a transport that answers after a time, or fails.
type fake struct {
	takes  time.Duration
	status int // 200 unless set
	err    error
	body   string
}

func (f fake) RoundTrip(req *http.Request) (*http.Response, error) {
	if f.takes > 0 {
		select {
		case <-time.After(f.takes):
		case <-req.Context().Done():
			return nil, context.Cause(req.Context())
		}
	}
	if f.err != nil {
		return nil, f.err
	}
	return &http.Response{
		StatusCode: max(f.status, http.StatusOK), Header: http.Header{"X-Served-By": {"a"}}, Body: io.NopCloser(strings.NewReader(f.body)),
	}, nil
}

// rig is a generator under fake time, with what became of its requests.
type rig struct {
	*Generator
	t      *testing.T
	cancel context.CancelFunc
	ended  chan struct{} // closed when Run has returned err
	err    error

	mu      sync.Mutex
	results []Result
}

// start runs a generator of 100 even requests a second against a fake, and whatever edit changes.
func start(t *testing.T, transport http.RoundTripper, edit func(*Config)) *rig {
	r := &rig{t: t, ended: make(chan struct{})}
	cfg := Config{
		URL: "http://target.test/", Rate: 100, Arrivals: Constant, Transport: transport,
		OnResult: func(res Result) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.results = append(r.results, res)
		},
	}
	if edit != nil {
		edit(&cfg)
	}
	var err error
	r.Generator, err = New(cfg)
	require.NoError(t, err)
	var ctx context.Context
	ctx, r.cancel = context.WithCancel(t.Context())
	go func() {
		defer close(r.ended)
		r.err = r.Run(ctx)
	}()
	t.Cleanup(func() {
		r.cancel()
		<-r.ended
	})
	synctest.Wait()
	return r
}

// after lets fake time pass, and everything settle.
func (r *rig) after(d time.Duration) *rig {
	<-time.After(d)
	synctest.Wait()
	return r
}

// wait returns the final account.
func (r *rig) wait() Stats {
	<-r.ended
	require.NoError(r.t, r.err)
	s := r.Stats()
	require.True(r.t, s.Finished)
	require.Zero(r.t, s.InFlight)
	require.Equal(r.t, s.Scheduled, s.Sent+s.Dropped)
	require.Equal(r.t, s.Sent, s.Completed+s.Cancelled)
	r.mu.Lock()
	defer r.mu.Unlock()
	require.Len(r.t, r.results, int(s.Sent))
	return s
}
