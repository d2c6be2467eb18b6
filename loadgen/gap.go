package loadgen

import "time"

// GapThreshold is how long the generator may stand still before it calls that a gap.
const GapThreshold = time.Second

// heartbeat is the longest sleep of the scheduler: a gap shows though nothing is due.
const heartbeat = GapThreshold / 2

// Gap is a time in which the generator stood still, because its process was stopped or starved. What was due
// in it is not sent: it would come all at once, a load that nobody asked for, and its latencies would be
// those of the gap. Requests that were in flight over a gap have it in their latencies.
type Gap struct {
	Start  time.Duration // since the start of the run
	End    time.Duration
	Missed uint64 // requests that were due in it
}

// beat reads the clock, which the generator expects to say about expected. If it says much more, what was due
// by then, and before the end, is passed, and the gap is told. It returns how many requests were passed.
func (g *Generator) beat(expected, end time.Duration) (now time.Duration, missed uint64) {
	now = g.elapsed()
	if now-expected <= GapThreshold {
		return now, 0
	}
	for {
		if _, taken := g.take(min(now, end)); !taken {
			break
		}
		missed++
	}
	g.rec.stoodStill(now-expected, missed)
	g.cfg.OnGap(Gap{Start: expected, End: now, Missed: missed})
	return now, missed
}
