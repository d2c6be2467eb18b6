package report

import (
	"io"
	"testing"
	"time"

	"slbtui/engine/report/chart"
)

func BenchmarkRequestWriter(b *testing.B) {
	w, err := NewRequestWriter(io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	q := Request{ID: 123456, At: sampleStart, Policy: "round_robin", Server: "server1", Latency: 51 * time.Millisecond, Status: 200, Success: true, Part: PartWarm}
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(q); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkChartPNG(b *testing.B) {
	figure := latencyOverTime(small.comparison())
	b.ReportAllocs()
	for b.Loop() {
		if err := chart.PNG(io.Discard, figure); err != nil {
			b.Fatal(err)
		}
	}
}
