package factored

import (
	"math"
	"slices"
)

const (
	togetherEvery  = 10   // outcomes from one look at all servers to the next
	togetherRecent = 5.0  // seconds in which a server must have been measured to count
	togetherAbove  = 0.02 // |median of ln m| from which it is taken for real
)

// look takes all servers together, every tenth outcome.
func (f *Learner) look(now float64) {
	if f.outcomes++; f.outcomes%togetherEvery == 0 {
		f.poolRefusals()
		f.together(now)
		f.weighDelay(now)
	}
}

// together tells what happened to all servers from what happened to one. Where most of them are slower
// than their tables (a shared database, a network), none drifts against the others: half of the median of
// ln m, taken over those measured lately, goes from the factors into the tables. These then learn again
// instead of standing frozen behind factors whose noise would send requests here and there.
//
// Requests on their way were expected to take what the tables of then said. What they are measured against
// must move with the tables: with hundreds in flight ln m would rise for each of them, and the
// tables after it, without end. So expectations are kept in units of the common factor.
func (f *Learner) together(now float64) {
	f.factors = f.factors[:0]
	for i := range f.servers {
		if s := &f.servers[i]; s.measured > 0 && now-s.measuredAt <= togetherRecent {
			f.factors = append(f.factors, s.drift.logSpeed.at(now))
		}
	}
	off := middle(f.factors) / 2
	if math.Abs(off) <= togetherAbove/2 {
		return
	}
	factor := math.Exp(off)
	for i := range f.servers {
		s := &f.servers[i]
		if s.measured == 0 {
			continue
		}
		s.drift.logSpeed.set(now, s.drift.logSpeed.at(now)-off)
		for b := range s.mean {
			if s.visits[b] > 0 {
				s.mean[b] = clamp(s.mean[b]*factor, minLatencyMS, maxLatencyMS)
			}
		}
		f.fit(s)
	}
	f.scale *= factor
	f.common *= factor
	f.fillAll()
}

// middle is the median; of an even number, the one of the two in the middle that is nearer to 0, or 0
// where they lie on either side: of two servers, one that is slow makes no common slowness. One alone has
// nothing in common with anybody.
func middle(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	slices.Sort(x)
	low, high := x[(len(x)-1)/2], x[len(x)/2]
	return max(low, 0) + min(high, 0)
}
