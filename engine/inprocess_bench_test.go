package engine

import (
	"context"
	"fmt"
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
	answered := make(chan struct{}, 1<<20) // never full: a request must not wait for the benchmark
	e, err := New(cfg, Options{Seed: 1, Load: func(c *loadgen.Config) {
		load(c)
		record := c.OnResult
		c.OnResult = func(r loadgen.Result) {
			record(r)
			answered <- struct{}{}
		}
	}})
	require.NoError(b, err)
	require.NoError(b, e.Listen())
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	for range 2000 { // connections, stacks and pools
		<-answered
	}

	b.ReportAllocs()
	cpu, sent, began := processCPU(), 0, time.Now()
	for b.Loop() {
		<-answered
		sent++
	}
	cpu = processCPU() - cpu
	b.ReportMetric(float64(sent)/time.Since(began).Seconds(), "requests/s")
	b.ReportMetric(float64(cpu.Microseconds())/float64(sent), "CPU-us/request")
	stats := e.load.Stats()
	b.ReportMetric(stats.RecentLagP99MS, "lag-p99-ms")
	b.ReportMetric(stats.Latency.P99MS, "latency-p99-ms")
	require.Zero(b, stats.Failed)
	cancel()
	require.NoError(b, <-ended)
}
