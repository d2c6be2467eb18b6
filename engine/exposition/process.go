package exposition

import (
	"os"
	"runtime/metrics"
)

// runtimeMetrics are those of the Go runtime worth a graph, under the names that dashboards know.
var runtimeMetrics = []struct{ name, kind, help, source string }{
	{"go_goroutines", "gauge", "Goroutines that exist now.", "/sched/goroutines:goroutines"},
	{"go_memstats_heap_alloc_bytes", "gauge", "Bytes of live and not yet collected objects.", "/memory/classes/heap/objects:bytes"},
	{"go_memstats_sys_bytes", "gauge", "Bytes obtained from the system.", "/memory/classes/total:bytes"},
	{"go_memstats_mallocs_total", "counter", "Objects allocated.", "/gc/heap/allocs:objects"},
	{"go_gc_cycles_total", "counter", "Collections that have ended.", "/gc/cycles/total:gc-cycles"},
	{"go_gc_cpu_seconds_total", "counter", "Estimated CPU time of the collector.", "/cpu/classes/gc/total:cpu-seconds"},
	{"go_sched_gomaxprocs_threads", "gauge", "Threads that run Go code at once, at most.", "/sched/gomaxprocs:threads"},
}

// WriteProcess writes what the process and its runtime use.
func WriteProcess(w *Writer) {
	samples := make([]metrics.Sample, len(runtimeMetrics))
	for i, m := range runtimeMetrics {
		samples[i].Name = m.source
	}
	metrics.Read(samples)
	for i, m := range runtimeMetrics {
		var value float64
		switch v := samples[i].Value; v.Kind() {
		case metrics.KindUint64:
			value = float64(v.Uint64())
		case metrics.KindFloat64:
			value = v.Float64()
		default: // a runtime without it
			continue
		}
		w.Family(m.name, m.kind, m.help)
		w.Sample(m.name, value)
	}
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil { // Linux
		w.Family("process_open_fds", "gauge", "Open file descriptors.")
		w.Sample("process_open_fds", float64(len(entries)))
	}
}
