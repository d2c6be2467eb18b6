package metrics

// Neighbouring requests share queues, so that their latencies are not independent, and neighbouring
// seconds are not either. Means over batches longer than a queue lives nearly are (batch means:
// Law, Simulation Modeling and Analysis, 9.5.3).
const (
	batchSeconds = 5  // requests further apart share no queue, as a rule
	maxBatches   = 64 // then pairs become one: memory is bounded, and batches of a long phase are long
)

// batches cuts a phase into stretches of equal length. The zero value is ready to use.
type batches struct {
	begun   bool
	from    batch // the phase's account when the current batch began
	seconds int   // of the current batch
	doubled int   // how often pairs have become one
	done    []batch
}

// batch is an account of successful requests.
type batch struct{ n, ms float64 }

// close ends a second, after which the phase's account is now. What came before the first one ends is
// left out: that second belongs to the phase in part, and its queues to the policy before.
func (b *batches) close(now batch) {
	if !b.begun {
		b.begun, b.from = true, now
		return
	}
	if b.seconds++; b.seconds < batchSeconds<<b.doubled {
		return
	}
	if d := (batch{now.n - b.from.n, now.ms - b.from.ms}); d.n > 0 { // else the load was paused
		b.done = append(b.done, d)
	}
	b.from, b.seconds = now, 0
	if len(b.done) == maxBatches {
		half := b.done[:0]
		for i := 0; i < maxBatches; i += 2 {
			x, y := b.done[i], b.done[i+1]
			half = append(half, batch{x.n + y.n, x.ms + y.ms})
		}
		b.done, b.doubled = half, b.doubled+1
	}
}

// mean is that of a request over all batches, and the variance of that estimate: the ratio of sums of
// k batches, k/(k-1)·Σeᵢ²/(Σnᵢ)² with eᵢ = msᵢ - mean·nᵢ. Batches that still depend on the one before
// are worth fewer: (1-r)/(1+r) of them, where r is their correlation, if above 0, and 1/k is what its
// estimate lacks on average. There must be two batches or more.
func (b *batches) mean() (mean, variance float64) {
	var all batch
	for _, d := range b.done {
		all.n += d.n
		all.ms += d.ms
	}
	mean = all.ms / all.n
	squares, products, last := 0.0, 0.0, 0.0
	for _, d := range b.done {
		e := d.ms - mean*d.n
		squares += e * e
		products += e * last
		last = e
	}
	k := float64(len(b.done))
	variance = k / (k - 1) * squares / (all.n * all.n)
	if squares > 0 {
		r := min(max(products/squares+1/k, 0), 0.9)
		variance *= (1 + r) / (1 - r)
	}
	return mean, variance
}
