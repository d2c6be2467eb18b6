package factored

import "math"

// Pooling: what is little known of one server is borrowed from the others, as far as they resemble
// each other (empirical Bayes; Efron and Morris, "Data analysis using Stein's estimator", 1975).
//
// Say the true values of something are spread over the servers around P with relative variance τ²,
// and a server's own estimate C is off its true value by a relative variance v (many measurements:
// small v). The best linear guess of the true value is
//
//	P + w·(C - P),  w = τ²/(τ² + v)
//
// When servers truly differ, τ² is large and each keeps its own. When they are the same, v explains
// all the spread there is, τ² is 0 and all get P: identical servers are treated as identical, and the
// policy becomes least-request. Without it a lucky run of short jobs makes one server a favourite:
// with heavy tails the mean rises from 57 ms to 80.
//
// Three things are pooled: the slot counts (their odds over all servers are each server's prior), the
// scale a of the curves (P is the mean of the others), and per level how far cells stray from their
// curve (P is the curve). v follows from the spread s of the logarithm: a lognormal time has relative
// variance e^(s²) - 1, divided by the number of measurements.
type pools struct {
	slotOdds    [len(slotGrid)]float64 // prior of each slot count
	logSlotOdds [len(slotGrid)]float64 // their logarithms
	scale       float64                // mean a in ms; 0 before the first pooling
	scaleTau2   float64                // τ² of a
	cellTau2    [levels]float64        // τ² of cell over curve
}

const (
	poolEvery       = 50   // completions from one pooling to the next
	poolWeightCap   = 20   // measurements beyond it give a server no more say in P
	poolMinVisits   = 3    // measurements before a server counts towards τ²
	unknownTau2     = 0.25 // τ² while fewer than two servers count: they may differ by half
	uniformSlotOdds = 1 / float64(len(slotGrid))
)

// newPools knows nothing: every slot count is as likely.
func newPools() pools {
	p := pools{scaleTau2: unknownTau2}
	for j := range p.slotOdds {
		p.slotOdds[j], p.logSlotOdds[j] = uniformSlotOdds, math.Log(uniformSlotOdds)
	}
	for b := range p.cellTau2 {
		p.cellTau2[b] = unknownTau2
	}
	return p
}

// shrunk is w in P + w·(C - P).
func shrunk(tau2, v float64) float64 {
	if v == 0 {
		return 1
	}
	return tau2 / (tau2 + v)
}

// scaleOfServer is a server's a, pooled.
func (p *pools) scaleOfServer(s *column) float64 {
	if p.scale == 0 {
		return s.curve.scale
	}
	return p.scale + shrunk(p.scaleTau2, s.variance/s.curve.weight)*(s.curve.scale-p.scale)
}

// repool estimates the pools anew, and with them all cells.
func (f *Learner) repool() {
	f.learned = 0
	f.poolSlots()
	f.poolScales()
	for b := range f.cellTau2 {
		f.cellTau2[b] = f.cellSpread(b)
	}
	f.fillAll()
}

// poolSlots counts one server more than there are, spread evenly over the grid, so that no slot count
// is ever ruled out.
func (f *Learner) poolSlots() {
	known := 1.0
	for j := range f.slotOdds {
		f.slotOdds[j] = uniformSlotOdds
	}
	for i := range f.servers {
		s := &f.servers[i]
		if s.measured == 0 {
			continue
		}
		known++
		for j, odds := range s.curve.odds {
			f.slotOdds[j] += odds
		}
	}
	for j := range f.slotOdds {
		f.slotOdds[j] /= known
		f.logSlotOdds[j] = math.Log(f.slotOdds[j])
	}
}

func (f *Learner) poolScales() {
	sum, weights := 0.0, 0.0
	for i := range f.servers {
		w := min(f.servers[i].curve.weight, poolWeightCap)
		sum += w * f.servers[i].curve.scale
		weights += w
	}
	if weights == 0 {
		return
	}
	f.scale = sum / weights
	var spread excess
	for i := range f.servers {
		if s := &f.servers[i]; s.curve.weight >= poolMinVisits {
			spread.add(s.curve.scale/f.scale-1, s.variance/s.curve.weight)
		}
	}
	f.scaleTau2 = spread.tau2()
}

func (f *Learner) cellSpread(b int) float64 {
	var spread excess
	for i := range f.servers {
		s := &f.servers[i]
		if s.visits[b] >= poolMinVisits {
			spread.add(s.mean[b]/(f.scaleOfServer(s)*s.curve.shape[b])-1, s.variance/f.weight(s.visits[b]))
		}
	}
	return spread.tau2()
}

// excess estimates τ² by moments: the spread that is seen, less what noise explains.
type excess struct {
	sum   float64
	count int
}

func (e *excess) add(off, v float64) {
	e.sum += off*off - v
	e.count++
}

func (e *excess) tau2() float64 {
	if e.count < 2 {
		return unknownTau2
	}
	return max(0, e.sum/float64(e.count-1))
}
