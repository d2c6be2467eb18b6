package experiment

import (
	"time"

	"slbtui/engine/report"
	"slbtui/engine/stats"
)

const blockLength = 5 * time.Second // requests further apart than this share no queue, as a rule

// blockOf numbers the blocks of a run by when a request was due.
func blockOf(due time.Duration) int { return int(due / blockLength) }

// cut makes blocks of the successful latencies of parts.
func cut(parts []part) *stats.Blocks {
	b := &stats.Blocks{}
	first := 0
	for _, p := range parts {
		for i := p.from; i < p.to; i++ {
			if o := &p.outcomes[i]; o.answered && !o.failed {
				b.Add(first+blockOf(p.trace[i].Due)-blockOf(p.trace[p.from].Due), ms(o.latency))
			}
		}
		first = b.Len()
	}
	return b
}

// paired is the difference between two contestants, mine minus theirs, over the requests of the
// same traces that both answered. It is nil when there is none. mine[i] and theirs[i] are of the
// same repetition.
func paired(mine, theirs []part, label string) *report.PairedDifference {
	pairs := &stats.Pairs{}
	first := 0
	for k := range mine {
		m, t := mine[k], theirs[k]
		for i := m.from; i < m.to; i++ {
			x, y := &m.outcomes[i], &t.outcomes[i]
			if x.answered && y.answered && !x.failed && !y.failed {
				block := first + blockOf(m.trace[i].Due) - blockOf(m.trace[m.from].Due)
				pairs.Add(block, ms(x.latency), ms(y.latency))
			}
		}
		first = pairs.Blocks()
	}
	d := pairs.Difference(label)
	if d.Pairs == 0 {
		return nil
	}
	return &report.PairedDifference{
		Pairs: uint64(d.Pairs), MeanMS: d.Mean, CIMS: d.MeanInterval, BlockS: blockLength.Seconds(),
		Percent: d.Percent, PercentCI: d.PercentInterval,
	}
}
