// Package garbage says how seldom garbage is collected. It has no goroutine: the runtime calls it.
package garbage

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// leastSpare is how much garbage may gather before it is collected, in bytes, in a program that makes little.
	leastSpare = 4 << 20
	// mostSpare is the same for one that makes much, when little else is on the heap. The library's own measure, as
	// much as is in use, makes a proxy with 5 MB in use collect 20 times a second, for a sixth of its CPU
	// (docs/performance.md).
	mostSpare = 24 << 20
	// leastLive is what counts as in use where less is: the runtime's own measure.
	leastLive = 4 << 20

	busy = time.Second      // between two collections: sooner is too often
	calm = 10 * time.Second // later, and memory is worth more than the CPU
)

// CollectSeldom trades memory for CPU, where there is CPU to be saved: garbage may come to as much as keeps
// collections a second apart, up to mostSpare, or to what is in use where that is more. GOGC and GOMEMLIMIT in the
// environment leave it to the user.
func CollectSeldom() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	setGCPercent(leastSpare, time.Now())
}

// setGCPercent is called once, and then after each collection: that is when what is in use is known.
func setGCPercent(spare uint64, at time.Time) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	debug.SetGCPercent(gcPercent(live[0].Value.Uint64(), spare))
	runtime.AddCleanup(new([64]byte), func(struct{}) {
		now := time.Now()
		setGCPercent(nextSpare(spare, now.Sub(at)), now)
	}, struct{}{})
}

// nextSpare is the garbage allowed, in bytes, after a collection that came so long after the one before.
func nextSpare(spare uint64, after time.Duration) uint64 {
	switch {
	case after < busy:
		return min(2*spare, mostSpare)
	case after > calm:
		return max(spare/2, leastSpare)
	default:
		return spare
	}
}

// gcPercent is the garbage allowed, in percent of what is in use, both in bytes.
func gcPercent(live, spare uint64) int {
	return int(max(100, 100*spare/max(live, leastLive)))
}
