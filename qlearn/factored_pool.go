package qlearn

// Pooling: a cell with few measurements borrows from the same level of the other servers, as far
// as the servers resemble each other (empirical Bayes; Efron and Morris 1975, James and Stein).
//
// Say the true means of one level are spread over the servers around P, with relative variance τ²,
// and the cell C is off its true mean by a relative variance v (many measurements: small v). The
// best linear guess of the true mean is
//
//	P + w·(C - P),  w = τ²/(τ² + v)
//
// When servers truly differ, τ² is large and each keeps its own value. When they are the same, the
// spread that is seen is explained by v, τ² is 0 and all get P: identical servers are treated as
// identical, and the policy becomes least-request. Without it a lucky run of short jobs makes one
// server a favourite: with heavy tails the mean rises from 57 ms to 80.
//
// v follows from the spread s of the logarithm: a lognormal time has relative variance
// e^(s²) - 1, divided by the number of measurements that a mean with step α still remembers,
// min(k, 1/α).
type pool struct {
	mean float64 // P in ms; 0 when the level was never pooled
	tau2 float64 // τ²
}

const (
	poolEvery        = 50   // completions from one pooling to the next
	poolWeightCap    = 20   // measurements beyond it give a server no more say in P
	poolMinVisits    = 3    // measurements before a server counts towards τ²
	unknownTau2      = 0.25 // τ² while fewer than two servers count: they may differ by half
	poolNeedsServers = 2
)

// shrink moves a cell's mean, of relative variance v, towards the pool's.
func (p pool) shrink(mean, v float64) float64 {
	if p.mean == 0 || v == 0 {
		return mean
	}
	return p.mean + p.tau2/(p.tau2+v)*(mean-p.mean)
}

// weight is how many measurements a mean of k of them is worth: old ones fade with the step.
func (f *Factored) weight(k uint64) float64 {
	return min(float64(k), 1/f.cfg.MinLearningRate)
}

// repool estimates P and τ² of each level anew, and with them all cells.
func (f *Factored) repool() {
	f.learned = 0
	for b := range f.pools {
		f.pools[b] = f.poolOf(b)
	}
	f.refreshAll()
}

func (f *Factored) poolOf(b int) pool {
	sum, weights := 0.0, 0.0
	for i := range f.servers {
		w := float64(min(f.servers[i].visits[b], poolWeightCap))
		sum += w * f.servers[i].mean[b]
		weights += w
	}
	if weights == 0 {
		return pool{}
	}
	p := pool{mean: sum / weights, tau2: unknownTau2}
	excess, counted := 0.0, 0
	for i := range f.servers {
		s := &f.servers[i]
		if s.visits[b] < poolMinVisits {
			continue
		}
		off := s.mean[b]/p.mean - 1
		excess += off*off - s.drift.relativeVariance()/f.weight(s.visits[b])
		counted++
	}
	if counted >= poolNeedsServers {
		p.tau2 = max(0, excess/float64(counted-1))
	}
	return p
}
