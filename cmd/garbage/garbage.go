// Package garbage says how seldom garbage is collected. It has no goroutine: the runtime calls it.
package garbage

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// spareHeap is how much garbage may gather before it is collected, in bytes, when little else is
	// on the heap. The library's own measure, as much as is in use, makes a proxy with 5 MB in use
	// collect 20 times a second, for a sixth of its CPU (docs/performance.md).
	spareHeap = 24 << 20
	// maxGCPercent bounds the setting where next to nothing is in use.
	maxGCPercent = 600
)

// CollectSeldom trades memory for CPU: garbage may come to spareHeap, or to what is in use where
// that is more. GOGC and GOMEMLIMIT in the environment leave it to the user.
func CollectSeldom() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	setGCPercent()
}

// setGCPercent is called once, and then after each collection: that is when what is in use is known.
func setGCPercent() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	debug.SetGCPercent(gcPercent(live[0].Value.Uint64()))
	runtime.AddCleanup(new([64]byte), func(struct{}) { setGCPercent() }, struct{}{})
}

// gcPercent is the garbage allowed, in percent of what is in use, in bytes.
func gcPercent(live uint64) int {
	return int(min(max(100, 100*spareHeap/max(live, 1)), maxGCPercent))
}
