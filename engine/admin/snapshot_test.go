package admin

import (
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/live/lean"
	"slbtui/engine/metrics"
	"slbtui/qlearn"
)

// pictured is a run whose picture a test draws.
type pictured struct {
	obedient
	snap *live.Snapshot
}

func (e *pictured) Snapshot() *live.Snapshot { return e.snap }

func drawn(seq uint64) *live.Snapshot {
	s := &live.Snapshot{
		Seq: seq, State: live.RunRunning, Policies: []live.PolicyInfo{{Name: "p2c", Summary: strings.Repeat("a summary ", 200)}},
		Servers:  []live.Server{{ID: "s1"}},
		Learners: []live.Learner{{Name: "q", Table: qlearn.Table{Kind: "factored"}, Decisions: []live.Decision{{At: time.Duration(seq)}}}},
	}
	for i := range seq {
		s.Seconds = append(s.Seconds, metrics.Second{At: time.Duration(i+1) * time.Second})
		s.Events = append(s.Events, live.Event{Number: i + 1})
	}
	return s
}

// got is the answer to GET /snapshot.
func got(t *testing.T, s *Server, query string, header ...string) (*httptest.ResponseRecorder, map[string]json.RawMessage) {
	t.Helper()
	w, r := httptest.NewRecorder(), request(t, s, "GET", "/snapshot"+query, "")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	s.Handler().ServeHTTP(w, r)
	var keys map[string]json.RawMessage
	if w.Header().Get("Content-Encoding") == "" {
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &keys))
	}
	return w, keys
}

func TestWhatIsNewSince(t *testing.T) {
	e := &pictured{snap: drawn(5)}
	s, err := Listen(config.Admin{Listen: "127.0.0.1:0"}, e)
	require.NoError(t, err)
	defer s.Close()
	whole, keys := got(t, s, "")
	tag := whole.Header().Get("ETag")
	require.NotEmpty(t, tag)
	require.NotContains(t, keys, "since")
	require.Contains(t, string(keys["learners"]), `"table"`, "alone, it stays whole")

	e.snap = drawn(7)
	w, keys := got(t, s, "?since=5", "If-None-Match", tag)
	require.Equal(t, "5", string(keys["since"]))
	require.Equal(t, "7", string(keys["seq"]))
	require.Equal(t, tag, w.Header().Get("ETag"))
	require.NotContains(t, keys, "policies", "static")
	require.Equal(t, 2, strings.Count(string(keys["seconds"]), `"at_ns"`))
	require.Equal(t, 2, strings.Count(string(keys["events"]), `"number"`))
	require.NotContains(t, string(keys["learners"]), `"table"`)
	require.NotContains(t, string(keys["learners"]), `"decisions"`)
	_, keys = got(t, s, "?since=5&with=tables,decisions")
	require.Contains(t, keys, "policies", "whoever has no tag has nothing static")
	require.Contains(t, string(keys["learners"]), `"table"`)
	require.Contains(t, string(keys["learners"]), `"decisions"`)

	_, keys = got(t, s, "?since=6")
	require.NotContains(t, keys, "since", "nobody was given that one: the whole")
	require.Equal(t, 7, strings.Count(string(keys["seconds"]), `"at_ns"`))
	e.snap = drawn(8)
	e.snap.Servers[0].ID = "another"
	_, keys = got(t, s, "?since=7", "If-None-Match", tag)
	require.NotContains(t, keys, "since", "other servers: the whole")

	for query, status := range map[string]int{"?since=x": 400, "?since=-1": 400, "?since=7&with=all": 400, "?version=2": 409, "?version=1": 200} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, request(t, s, "GET", "/snapshot"+query, ""))
		require.Equal(t, status, w.Code, query)
	}
}

// A poll waits for what is new, five seconds at the most.
func TestPollsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &pictured{snap: drawn(5)}
		s, err := Listen(config.Admin{Listen: "127.0.0.1:0"}, e)
		require.NoError(t, err)
		defer s.Close()
		got(t, s, "")
		start := time.Now()
		_, keys := got(t, s, "?since=5")
		require.Equal(t, longestPoll, time.Since(start))
		require.Equal(t, "5", string(keys["seq"]))
		require.Equal(t, "[]", string(keys["seconds"]))
		start = time.Now()
		got(t, s, "?since=4")
		require.Zero(t, time.Since(start), "there is a newer one")
	})
}

// However many follow, others are answered: those that wait are bounded.
func TestPollsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &pictured{snap: drawn(5)}
		s, err := Listen(config.Admin{Listen: "127.0.0.1:0"}, e)
		require.NoError(t, err)
		defer s.Close()
		got(t, s, "")
		var all sync.WaitGroup
		for range mostPolls {
			all.Go(func() {
				w, _ := got(t, s, "?since=5")
				assert.Equal(t, http.StatusOK, w.Code)
			})
		}
		synctest.Wait()
		start := time.Now()
		w, _ := got(t, s, "?since=5")
		require.Equal(t, http.StatusServiceUnavailable, w.Code)
		require.Equal(t, "5", w.Header().Get("Retry-After"))
		w, _ = got(t, s, "")
		require.Equal(t, http.StatusOK, w.Code)
		require.Zero(t, time.Since(start))
		all.Wait()
		w, _ = got(t, s, "?since=5")
		require.Equal(t, http.StatusOK, w.Code)
	})
}

func TestCompression(t *testing.T) {
	e := &pictured{snap: drawn(5)}
	s, err := Listen(config.Admin{Listen: "127.0.0.1:0"}, e)
	require.NoError(t, err)
	defer s.Close()
	for accept, want := range map[string]string{"gzip": "gzip", "br, gzip;q=0.5": "gzip", "": "", "br": "", "gzip;q=0": "", "gzip; q=0.0": "", "identity": ""} {
		w, _ := got(t, s, "", "Accept-Encoding", accept)
		require.Equal(t, want, w.Header().Get("Content-Encoding"), accept)
		require.Equal(t, http.StatusOK, w.Code)
		if want == "" {
			continue
		}
		z, err := gzip.NewReader(w.Body)
		require.NoError(t, err)
		var snap live.Snapshot
		require.NoError(t, json.NewDecoder(z).Decode(&snap))
		require.Equal(t, uint64(5), snap.Seq)
	}
}

func TestMarksAreBounded(t *testing.T) {
	var m marks
	for seq := range uint64(10 * keptMarks) {
		e := drawn(1)
		e.Seq = seq
		m.add(lean.MarkOf(e))
	}
	require.Len(t, m.known, keptMarks)
	_, ok := m.of(10*keptMarks - 1)
	require.True(t, ok)
}
