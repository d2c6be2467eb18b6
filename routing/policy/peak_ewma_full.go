package policy

var peakEWMAFullSpec = Spec{
	Name:    "peak_ewma_full",
	Summary: "the lowest recent peak latency x (in flight + 1) of all servers",
	Source:  "Finagle, linkerd; full scan",
	New:     newPeakEWMAFull,
}

// peakEWMAFull is peakEWMA over all servers instead of two, ties at random. With few servers
// the full scan costs nothing and never overlooks the best one.
type peakEWMAFull struct{ peakCosts }

func newPeakEWMAFull(o Options) Policy { return &peakEWMAFull{peakCosts{rng: NewRand(o.Seed)}} }

// Name is "peak_ewma_full".
func (*peakEWMAFull) Name() string { return "peak_ewma_full" }

// Pick takes the server with the lowest expected cost.
func (p *peakEWMAFull) Pick(v View) (int, Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fit(v)
	best := newLowest()
	for i := range v.Servers {
		if v.Servers[i].Available {
			best.offer(p.rng, i, p.score(v, i))
		}
	}
	return best.server, Token{Server: best.server, At: v.Now}
}
