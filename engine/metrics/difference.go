package metrics

import "math"

// EnoughBatches is how many batches of each phase an interval takes: with fewer, too little is known
// about their spread.
const EnoughBatches = 5

// Difference is by how much the mean latency of one phase differs from that of another.
type Difference struct {
	From    int `json:"from"`    // number of the phase compared with
	To      int `json:"to"`      // number of the phase that is compared
	Batches int `json:"batches"` // of 5 s or more, in the phase that has fewer
	// Of successful requests, in ms: To minus From, and its 95 % interval. 0 while Batches is below
	// EnoughBatches.
	MeanMS float64 `json:"mean_ms"`
	LowMS  float64 `json:"low_ms"`
	HighMS float64 `json:"high_ms"`
}

// Known tells whether there is an interval.
func (d Difference) Known() bool { return d.Batches >= EnoughBatches }

// Chance tells whether the interval holds 0, so that there may be no difference.
func (d Difference) Chance() bool { return d.LowMS <= 0 && d.HighMS >= 0 }

// Difference compares phase to with phase from, by their numbers. The interval is Welch's (Biometrika
// 34, 1947) over batch means. It says what chance leaves open, not whether the two phases met the same
// situation. Quantile is the 97.5 % quantile of Student's t with so many degrees of freedom.
func (r *Recorder) Difference(from, to int, quantile func(freedom float64) float64) Difference {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := Difference{From: from, To: to}
	a, b := r.phase(from), r.phase(to)
	if a == nil || b == nil {
		return d
	}
	if d.Batches = min(len(a.batches.done), len(b.batches.done)); !d.Known() {
		return d
	}
	var half float64
	d.MeanMS, half = welch(&a.batches, &b.batches, quantile)
	d.LowMS, d.HighMS = d.MeanMS-half, d.MeanMS+half
	return d
}

// welch is the difference of two means, b minus a, and half of its 95 % interval.
func welch(a, b *batches, quantile func(freedom float64) float64) (difference, half float64) {
	meanA, varA := a.mean()
	meanB, varB := b.mean()
	sum := varA + varB
	if sum == 0 {
		return meanB - meanA, 0
	}
	freedom := sum * sum / (varA*varA/float64(len(a.done)-1) + varB*varB/float64(len(b.done)-1))
	return meanB - meanA, math.Sqrt(sum) * quantile(freedom)
}
