package simulate

// Truth is the state of a server as only its maker knows it: true means, queues and faults, but
// neither the size of a request nor the future.
type Truth struct {
	MeanMS    float64 // expected service time of an ordinary request that starts now
	Factor    float64 // of this request on that, by its class; 0 is 1
	Ahead     float64 // mean factor of those Holding; 0 is 1
	Workers   int     // 0 is unlimited
	Holding   int     // requests in service or queued
	DelayMS   float64 // added to every answer
	ErrorRate float64 // 0-1
	Crashed   bool
	StallMS   float64 // until a stalled server goes on, 0 when it is none
}

// Insider is a policy that may ask for the truth, such as one that another is trained by.
type Insider interface {
	// Inform hands over, before the first request, who tells the truth of now about a server, by its index.
	Inform(truth func(server int) Truth)
}

// ExpectedMS is what one more request is expected to take. With n requests at w slots and the mean m
// of now that is f·m + g·m·max(0, n-w+1)/w, where f is its own factor and g the mean one of those ahead,
// plus what its faults cost: the added delay, the rest of a stall, FailureCostMS for an expected failure.
func (t Truth) ExpectedMS() float64 {
	cost := t.MeanMS*factor(t.Factor) + t.DelayMS + t.ErrorRate*FailureCostMS
	if t.full() {
		cost += t.MeanMS * factor(t.Ahead) * float64(t.Holding-t.Workers+1) / float64(t.Workers)
	}
	if t.Crashed {
		cost += FailureCostMS
	}
	return cost + min(FailureCostMS, t.StallMS)
}

// ImposedMS is the delay that one more request imposes on the others: f·m·n/w once n ≥ w.
func (t Truth) ImposedMS() float64 {
	if !t.full() {
		return 0
	}
	return t.MeanMS * factor(t.Factor) * float64(t.Holding) / float64(t.Workers)
}

func (t Truth) full() bool { return t.Workers > 0 && t.Holding >= t.Workers }

// factor is that of a class, where 0 is 1.
func factor(f float64) float64 {
	if f == 0 {
		return 1
	}
	return f
}
