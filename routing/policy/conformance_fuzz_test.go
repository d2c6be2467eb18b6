package policy

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzConformanceOutcomes lets every policy live through any sequence of decisions and outcomes,
// sensible or not: latencies negative and huge, tokens completed twice, never, late, or made up.
// Whatever happened, it still picks available servers and holds finite numbers.
func FuzzConformanceOutcomes(f *testing.F) {
	f.Add(uint64(1), []byte("a quiet day"))
	f.Add(uint64(2), []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255, 254, 253, 128, 64, 32})
	f.Add(uint64(3), []byte{0xf0, 0xf1, 0xf2, 0xf3, 0x80, 0x80, 0x80, 0x0f, 0x1f, 0x2f, 0x3f, 0x4f, 0x5f, 0x6f, 0x7f})
	f.Fuzz(func(t *testing.T, seed uint64, script []byte) {
		for _, spec := range everyone() {
			p := spec.New(testOptions(3, seed))
			misuse(t, p, script)
			stillWorks(t, p)
		}
	})
}

var oddLatencies = []time.Duration{0, time.Nanosecond, time.Millisecond, -time.Second, math.MaxInt64, math.MinInt64, time.Hour, 50 * time.Millisecond}

func misuse(t *testing.T, p Policy, script []byte) {
	v := idleServers(3)
	learner, _ := p.(Learner)
	var tokens []Token
	for i, b := range script {
		v.Now += time.Duration(b) * time.Millisecond
		s := &v.Servers[i%3]
		s.InFlight, s.CPU, s.ResponseMS = int(b)%14, float64(b)-1, float64(b)*3
		s.Available, s.Reachable = b%5 != 0, b%7 != 0
		s.Streaming = int(b)%17 - 3
		if v.Foreign = nil; b%9 == 0 {
			v.Foreign = []float64{float64(b), -1, math.Inf(1)}
		}
		switch b % 4 {
		case 0:
			s.ResponseMS = math.Inf(1)
		case 1:
			s.CPU, s.ResponseMS = math.NaN(), math.NaN()
		}
		server, token := p.Pick(v)
		require.Equal(t, countAvailable(v) == 0, server == NoServer)
		tokens = append(tokens, token)
		if learner != nil && b%3 == 0 {
			token, _ = learner.Observe(v, int(b)%5-1)
			tokens = append(tokens, token)
		}
		made := tokens[int(b)*31%len(tokens)]
		switch b % 11 {
		case 0:
			made = Token{}
		case 1:
			made.Server = int(b) - 100
		case 2:
			made.Row = int(b)*1000 - 100_000
		case 3:
			made.Serial = math.MaxUint64 - uint64(b)
		case 4:
			made.Expected = math.NaN()
		case 5:
			made.Expected = -1
		}
		o := Outcome{
			Now:       v.Now + time.Duration(int8(b))*time.Second,
			Latency:   oddLatencies[b>>5],
			Status:    int(b) * 3,
			Failure:   Failure(b % 6),
			Cancelled: b%13 == 0,
			Early:     b%17 == 0,
		}
		p.Done(made, o)
		if b%2 == 0 {
			p.Done(made, o)
		}
	}
}

func stillWorks(t *testing.T, p Policy) {
	v := idleServers(3)
	v.Now = time.Hour
	v.Servers[1].Available = false
	for range 50 {
		server, token := p.Pick(v)
		require.Contains(t, []int{0, 2}, server, p.Name())
		p.Done(token, answered(v.Now, 20))
		v.Now += 50 * time.Millisecond
	}
	in, ok := p.(Inspectable)
	if !ok {
		return
	}
	stats := in.Stats()
	for _, x := range []float64{stats.DeltaQ, stats.Epsilon, stats.Explored, stats.Reward} {
		requireFinite(t, p, x)
	}
	for _, row := range in.Table(0).Rows {
		for _, q := range row.Q {
			requireFinite(t, p, q)
		}
	}
}

func requireFinite(t *testing.T, p Policy, x float64) {
	t.Helper()
	require.False(t, math.IsNaN(x) || math.IsInf(x, 0), "%s: %v", p.Name(), x)
}
