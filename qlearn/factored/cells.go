package factored

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

// fill derives a server's cells and slopes from its measurements and its curve. It costs O(levels) on
// a completion, so that a pick, which reads every server, finds each number ready.
//
// A visited cell is its mean, drawn to the curve. Between two visited ones the ratio of cell to curve
// runs straight from one to the other, and outside the visited it stays as it is.
func (f *Learner) fill(s *column) {
	scale := f.scaleOfServer(s)
	s.hope = f.hopeFor(s)
	below, ratioBelow := -1, 1.0
	for b := range s.value {
		curve := scale * s.curve.shape[b]
		ratio := ratioBelow
		if s.visits[b] > 0 {
			ratio = 1 + shrunk(f.cellTau2[b], s.variance/f.weight(s.visits[b]))*(s.mean[b]/curve-1)
			if below < 0 {
				ratioBelow = ratio
			}
			for gap := below + 1; gap < b; gap++ {
				part := (levelCentre[gap] - levelCentre[max(below, 0)]) / (levelCentre[b] - levelCentre[max(below, 0)])
				s.value[gap].cell = scale * s.curve.shape[gap] * (ratioBelow + part*(ratio-ratioBelow))
			}
			below, ratioBelow = b, ratio
		}
		low, high := max(0, b-1), min(levels-1, b+1)
		s.value[b] = levelValue{
			cell:  curve * ratio,
			slope: scale * (s.curve.shape[high] - s.curve.shape[low]) / (levelCentre[high] - levelCentre[low]),
		}
	}
}

// between is what the table says of a server that holds so much, which need not be whole: what lies between the counts
// that two levels stand for is read in proportion.
func (s *column) between(held float64) levelValue {
	b := levelOf(int(held))
	if held < levelCentre[b] {
		b--
	}
	if b == levels-1 {
		return s.value[b]
	}
	low, high := &s.value[b], &s.value[b+1]
	part := (held - levelCentre[b]) / (levelCentre[b+1] - levelCentre[b])
	return levelValue{cell: low.cell + part*(high.cell-low.cell), slope: low.slope + part*(high.slope-low.slope)}
}

func (f *Learner) fillAll() {
	for i := range f.servers {
		if s := &f.servers[i]; s.measured > 0 {
			f.fill(s)
		}
	}
}
