package simulate

// Truth is the state of a server as only its maker knows it: true means, queues and faults, but
// neither the size of a request nor the future.
type Truth struct {
	MeanMS    float64 // expected service time of a request that starts now
	Workers   int     // 0 is unlimited
	Holding   int     // requests in service or queued
	DelayMS   float64 // added to every answer
	ErrorRate float64 // 0-1
	Crashed   bool
	StallMS   float64 // until a stalled server goes on, 0 when it is none
}

// ExpectedMS is what one more request is expected to take. With n requests at w slots and the mean m
// of now that is m + m·max(0, n-w+1)/w, plus what its faults cost: the added delay, the rest of a
// stall, FailureCostMS for an expected failure.
func (t Truth) ExpectedMS() float64 {
	cost := t.MeanMS + t.DelayMS + t.ErrorRate*FailureCostMS
	if t.full() {
		cost += t.MeanMS * float64(t.Holding-t.Workers+1) / float64(t.Workers)
	}
	if t.Crashed {
		cost += FailureCostMS
	}
	return cost + min(FailureCostMS, t.StallMS)
}

// ImposedMS is the delay that one more request imposes on the others: m·n/w once n ≥ w.
func (t Truth) ImposedMS() float64 {
	if !t.full() {
		return 0
	}
	return t.MeanMS * float64(t.Holding) / float64(t.Workers)
}

func (t Truth) full() bool { return t.Workers > 0 && t.Holding >= t.Workers }
