package qlearn

import (
	"fmt"
	"math"
)

// Levels of in-flight requests: each count below 8 has its own, from there on three to the octave,
// and the last is open. Queues differ by ratio, not by difference: 200 in flight and 201 are the
// same situation, 2 and 3 are not.
const (
	levels      = 24
	exactLevels = 8
	perOctave   = 3
	lastFrom    = 256 // smallest count of the last level: 8·2^((23-8)/3)
)

// levelTable is b(n) for n up to lastFrom: n below 8, then 8 + floor(3·log2(n/8)).
var levelTable = func() (t [lastFrom + 1]uint8) {
	for n := range t {
		t[n] = uint8(n)
		if n >= exactLevels {
			t[n] = exactLevels + uint8(math.Floor(perOctave*math.Log2(float64(n)/exactLevels)))
		}
	}
	return t
}()

// levelCentre is the count that stands for a level: n itself, then the middle (by ratio) of the level.
var levelCentre = func() (c [levels]float64) {
	for b := range c {
		c[b] = float64(b)
		if b >= exactLevels {
			c[b] = exactLevels * math.Exp2((float64(b)-exactLevels+0.5)/perOctave)
		}
	}
	return c
}()

// levelOf is the level of n requests in flight.
func levelOf(n int) int { return int(levelTable[min(max(n, 0), lastFrom)]) }

// levelLabel names the counts of a level: "3", "8-10", "256+".
func levelLabel(b int) string {
	if b < exactLevels {
		return fmt.Sprint(b)
	}
	first := levelStart(b)
	if b == levels-1 {
		return fmt.Sprintf("%d+", first)
	}
	return fmt.Sprintf("%d-%d", first, levelStart(b+1)-1)
}

func levelStart(b int) int {
	n := 0
	for levelOf(n) < b {
		n++
	}
	return n
}

// refresh derives a server's cells and slopes from its measurements. It costs O(levels) on a
// completion, so that a pick, which reads every server, finds each number ready.
func (f *Factored) refresh(s *factoredServer) {
	if !s.known {
		return
	}
	f.fill(s)
	s.tail = s.drift.tail()
	for b := range s.value {
		low, high := max(0, b-slopeReach), min(levels-1, b+slopeReach)
		s.value[b].slope = max(0, (s.value[high].cell-s.value[low].cell)/(levelCentre[high]-levelCentre[low]))
	}
}

// slopeReach is how many levels to either side a slope spans: wide enough that the noise of two
// cells does not look like a cost, narrow enough to see where the worker slots run out.
const slopeReach = 2

// fill gives every level a value. A visited one has its pooled mean. One between two visited ones
// lies on the straight line between their means; above the highest, response time grows in
// proportion to the requests there (a queue with all slots busy: n+1 instead of top+1 to serve);
// below the lowest it is flat (optimistic would be lower still, but then an idle server would be
// chosen for a guess).
func (f *Factored) fill(s *factoredServer) {
	uncertainty := s.drift.relativeVariance()
	below := -1
	for b := range s.value {
		if s.visits[b] == 0 {
			continue
		}
		s.value[b].cell = f.pools[b].shrink(s.mean[b], uncertainty/f.weight(s.visits[b]))
		for gap := below + 1; gap < b; gap++ {
			s.value[gap].cell = s.mean[b]
			if below >= 0 {
				part := (levelCentre[gap] - levelCentre[below]) / (levelCentre[b] - levelCentre[below])
				s.value[gap].cell = s.mean[below] + part*(s.mean[b]-s.mean[below])
			}
		}
		below = b
	}
	for b := below + 1; b < levels; b++ {
		s.value[b].cell = s.mean[below] * (levelCentre[b] + 1) / (levelCentre[below] + 1)
	}
}

func (f *Factored) refreshAll() {
	for i := range f.servers {
		f.refresh(&f.servers[i])
	}
}
