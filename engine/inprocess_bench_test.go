package engine

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/loadgen"
)

// Everything in one process: the generator, the proxy and three servers of 2 ms, at an open-loop
// rate, and with as many as sixteen users one after another get out of it. One operation is one
// request. The open loop's time per operation says only whether the rate was kept; what counts is
// the CPU time of a request and how late it was sent.
func BenchmarkInProcess(b *testing.B) {
	for _, rate := range []float64{2000, 5000, 8000} {
		b.Run(fmt.Sprintf("rate=%.0f", rate), func(b *testing.B) {
			benchmarkInProcess(b, func(c *loadgen.Config) { c.Rate = rate })
		})
	}
	b.Run("users=16", func(b *testing.B) {
		benchmarkInProcess(b, func(c *loadgen.Config) { c.Users = 16 })
	})
}

func benchmarkInProcess(b *testing.B, load func(*loadgen.Config)) {
	cfg := quickConfig()
	cfg.Metrics.PollingIntervalSeconds = 1
	for i := range cfg.Servers {
		cfg.Servers[i].BaseDelayMS, cfg.Servers[i].Workers = 2, 200
	}
	answered := make(chan loadgen.Result, 1<<16) // never full: a request must not wait for the benchmark
	e, err := New(cfg, Options{Seed: 1, Load: func(c *loadgen.Config) {
		load(c)
		record := c.OnResult
		c.OnResult = func(r loadgen.Result) {
			record(r)
			answered <- r
		}
	}})
	require.NoError(b, err)
	require.NoError(b, e.Listen())
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	for range 10_000 { // connections, stacks and pools
		<-answered
	}

	b.ReportAllocs()
	var lags, latencies []time.Duration
	cpu, began := processCPU(), time.Now()
	for b.Loop() {
		r := <-answered
		lags, latencies = append(lags, r.Lag()), append(latencies, r.Latency())
	}
	cpu = processCPU() - cpu
	sent := float64(len(lags))
	b.ReportMetric(sent/time.Since(began).Seconds(), "requests/s")
	b.ReportMetric(float64(cpu.Microseconds())/sent, "CPU-us/request")
	b.ReportMetric(p99(lags), "lag-p99-ms")
	b.ReportMetric(p99(latencies), "latency-p99-ms")
	require.Zero(b, e.load.generator.Stats().Failed)
	cancel()
	require.NoError(b, <-ended)
}

// p99 is the 99th percentile in ms.
func p99(ds []time.Duration) float64 {
	slices.Sort(ds)
	return float64(ds[len(ds)*99/100].Microseconds()) / 1000
}
