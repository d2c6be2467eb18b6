package experiment

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"slbtui/engine/report"
)

const (
	rounds      = 1000
	blockLength = 5 * time.Second // requests further apart than this share no queue, as a rule
	fewBlocks   = 5               // fewer say too little about their spread: an interval would be too narrow
)

// blockOf numbers the blocks of a run by when a request was due.
func blockOf(due time.Duration) int { return int(due / blockLength) }

// blocks is a sample cut into blocks, which are drawn as a whole: neighbouring requests share
// queues, so that they are not independent, but blocks nearly are (block bootstrap: Künsch 1989).
type blocks struct {
	values []float64
	block  []int32 // of each value
	n      int     // blocks
	sums   []float64
	counts []int
}

// add appends a value; blocks are numbered from 0.
func (b *blocks) add(block int, value float64) {
	for b.n <= block {
		b.n++
		b.sums, b.counts = append(b.sums, 0), append(b.counts, 0)
	}
	b.values, b.block = append(b.values, value), append(b.block, int32(block))
	b.sums[block] += value
	b.counts[block]++
}

// resample draws as many blocks as there are, with replacement, and calls each with how often
// every block was drawn. Label seeds it: an interval depends on nothing but its own values.
func (b *blocks) resample(label string, each func(times []int)) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(label)) // a hash never fails to write
	rng := rand.New(rand.NewPCG(h.Sum64(), rounds))
	times := make([]int, b.n)
	for range rounds {
		clear(times)
		for range b.n {
			times[rng.IntN(b.n)]++
		}
		each(times)
	}
}

// meanCI is the 95 % interval of the mean, unknown with few blocks.
func (b *blocks) meanCI(label string) report.Interval {
	if b.n < fewBlocks {
		return report.Interval{}
	}
	means := make([]float64, 0, rounds)
	b.resample(label, func(times []int) {
		sum, count := 0.0, 0
		for i, n := range times {
			sum += float64(n) * b.sums[i]
			count += n * b.counts[i]
		}
		if count > 0 {
			means = append(means, sum/float64(count))
		}
	})
	return middle(means)
}

// ratioCI is the 95 % interval of the ratio of the means to those of other values, which belong to
// the same requests and are drawn together with them.
func (b *blocks) ratioCI(to *blocks, label string) report.Interval {
	if b.n < fewBlocks {
		return report.Interval{}
	}
	ratios := make([]float64, 0, rounds)
	b.resample(label, func(times []int) {
		mine, theirs := 0.0, 0.0
		for i, n := range times {
			mine += float64(n) * b.sums[i]
			theirs += float64(n) * to.sums[i]
		}
		if theirs > 0 {
			ratios = append(ratios, mine/theirs)
		}
	})
	return middle(ratios)
}

// p99CI is the 95 % interval of the 99th percentile. A drawn sample's is found by walking down
// from the largest value: one in a hundred has to be looked at.
func (b *blocks) p99CI(label string) report.Interval {
	if b.n < fewBlocks {
		return report.Interval{}
	}
	order := descending(b.values)
	p99s := make([]float64, 0, rounds)
	b.resample(label, func(times []int) {
		count := 0
		for i, n := range times {
			count += n * b.counts[i]
		}
		above := int(math.Floor(0.01 * float64(count)))
		for _, i := range order {
			if above -= times[b.block[i]]; above < 0 {
				p99s = append(p99s, b.values[i])
				return
			}
		}
	})
	return middle(p99s)
}

// middle is the middle 95 %.
func middle(values []float64) report.Interval {
	if len(values) == 0 {
		return report.Interval{}
	}
	slices.Sort(values)
	return report.Interval{quantile(values, 0.025), quantile(values, 0.975)}
}

// cut makes blocks of the successful latencies of parts.
func cut(parts []part) *blocks {
	b := &blocks{}
	first := 0
	for _, p := range parts {
		for i := p.from; i < p.to; i++ {
			if o := &p.outcomes[i]; o.answered && !o.failed {
				b.add(first+blockOf(p.trace[i].Due)-blockOf(p.trace[p.from].Due), ms(o.latency))
			}
		}
		first = b.n
	}
	return b
}

// paired is the difference between two contestants, mine minus theirs, over the requests of the
// same traces that both answered. It is nil when there is none. mine[i] and theirs[i] are of the
// same repetition.
func paired(mine, theirs []part, label string) *report.PairedDifference {
	diff, base := &blocks{}, &blocks{}
	first := 0
	for k := range mine {
		m, t := mine[k], theirs[k]
		for i := m.from; i < m.to; i++ {
			x, y := &m.outcomes[i], &t.outcomes[i]
			if x.answered && y.answered && !x.failed && !y.failed {
				block := first + blockOf(m.trace[i].Due) - blockOf(m.trace[m.from].Due)
				diff.add(block, ms(x.latency)-ms(y.latency))
				base.add(block, ms(y.latency))
			}
		}
		first = diff.n
	}
	if len(diff.values) == 0 {
		return nil
	}
	d := &report.PairedDifference{
		Pairs: uint64(len(diff.values)), MeanMS: mean(diff.values), CIMS: diff.meanCI(label), BlockS: blockLength.Seconds(),
	}
	if of := mean(base.values); of > 0 {
		ratio := diff.ratioCI(base, label)
		d.Percent, d.PercentCI = 100*d.MeanMS/of, report.Interval{100 * ratio[0], 100 * ratio[1]}
	}
	return d
}
