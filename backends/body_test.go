package backends

import (
	"encoding/json"
	"math"
	"net/http"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func FuzzBodiesAreJSON(f *testing.F) {
	f.Add("server1", 200, 12.5, int64(0), 3)
	f.Add("a\"\\\n\x00", 500, 1e-9, int64(1<<60), -1)
	f.Add("\xff<é>", 503, 1e18, int64(-5), 1<<40)
	f.Fuzz(func(t *testing.T, id string, status int, ms float64, ns int64, active int) {
		if math.IsNaN(ms) || math.IsInf(ms, 0) {
			return // no duration is either
		}
		b, now := newBodies(id), time.Unix(0, ns)

		var answer struct {
			ID        string  `json:"server_id"`
			Message   string  `json:"message"`
			MS        float64 `json:"response_time_ms"`
			Timestamp time.Time
		}
		require.NoError(t, json.Unmarshal(b.appendAnswer(nil, status, ms, now), &answer))
		require.NotEmpty(t, answer.Message)
		require.True(t, now.Equal(answer.Timestamp))
		require.InDelta(t, ms, answer.MS, 0.001)
		if utf8.ValidString(id) {
			require.Equal(t, id, answer.ID)
		}

		var health struct {
			ID     string    `json:"server_id"`
			At     time.Time `json:"timestamp"`
			CPU    float64   `json:"cpu_utilization"`
			Active int       `json:"active_requests"`
			AvgMS  float64   `json:"avg_response_time"`
			Health string    `json:"health_status"`
		}
		st := Status{Utilisation: 0.375, Active: active, AvgResponseMS: ms, Health: Degraded}
		require.NoError(t, json.Unmarshal(b.appendHealth(nil, st, now), &health))
		require.Equal(t, 37.5, health.CPU)
		require.Equal(t, active, health.Active)
		require.Equal(t, Degraded, health.Health)
		require.True(t, now.Equal(health.At))
	})
}

func TestAnswerShape(t *testing.T) {
	b, now := newBodies("server1"), time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	require.Equal(t,
		`{"server_id":"server1","message":"Hello from server1","response_time_ms":50.250,"timestamp":"2026-01-02T03:04:05.000000006Z"}`+"\n",
		string(b.appendAnswer(nil, http.StatusOK, 50.25, now)))
	require.Equal(t,
		`{"server_id":"server1","message":"injected error","response_time_ms":1.000,"timestamp":"2026-01-02T03:04:05.000000006Z"}`+"\n",
		string(b.appendAnswer(nil, http.StatusInternalServerError, 1, now)))
	require.Equal(t,
		`{"server_id":"server1","timestamp":"2026-01-02T03:04:05.000000006Z","cpu_utilization":12.5,"active_requests":1,"avg_response_time":0.000,"health_status":"healthy"}`+"\n",
		string(b.appendHealth(nil, Status{Utilisation: 0.125, Active: 1, Health: Healthy}, now)))
}
