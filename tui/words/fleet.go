package words

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"slbtui/engine/live"
)

// LostFor says for how long nothing has come, in the words of the header.
func LostFor(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("lost %d s ago", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("lost %d min ago", int(d.Minutes()))
	}
	return fmt.Sprintf("lost %d h ago", int(d.Hours()))
}

// Together is what several balancers do at once. Those that are lost do nothing as far as is known.
type Together struct {
	Answering int
	Rate      float64 // requests per second
	Requests  uint64  // of the last five seconds
	Failures  uint64
	Servers   []Portion // the largest first
}

// Portion is a server's part of all requests of the last five seconds, whichever balancer sent them.
type Portion struct {
	Addr  string
	Share float64 // 0-1
}

// AddUp adds up what balancers do. Percentiles do not add up: they stand side by side.
func AddUp(fleet []live.Member) Together {
	var all Together
	sent, total := map[string]uint64{}, uint64(0)
	for i := range fleet {
		m := &fleet[i]
		if m.Snap == nil || !m.Lost.IsZero() {
			continue
		}
		all.Answering++
		all.Rate += m.Snap.Load.Served
		all.Requests += m.Snap.Now.Requests
		all.Failures += m.Snap.Now.Failures
		for k := range m.Snap.Servers {
			v := &m.Snap.Servers[k]
			sent[v.Addr] += v.Window.Requests
			total += v.Window.Requests
		}
	}
	for addr, n := range sent {
		all.Servers = append(all.Servers, Portion{addr, float64(n) / float64(max(total, 1))})
	}
	slices.SortFunc(all.Servers, func(a, b Portion) int { return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Addr, b.Addr)) })
	return all
}

// FailedShare is the share that failed, 0-1.
func (t *Together) FailedShare() float64 { return float64(t.Failures) / float64(max(t.Requests, 1)) }
