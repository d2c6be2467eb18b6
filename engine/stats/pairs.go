package stats

// Pairs collects what two contestants made of the same requests, in blocks. The zero value is empty
// and ready to use.
type Pairs struct{ difference, base Blocks }

// Add appends a pair; blocks are numbered from 0.
func (p *Pairs) Add(block int, mine, theirs float64) {
	p.difference.Add(block, mine-theirs)
	p.base.Add(block, theirs)
}

// Blocks is the number of blocks, those without a pair below the last included.
func (p *Pairs) Blocks() int { return p.difference.Len() }

// Difference is by how much paired values differ, mine minus theirs.
type Difference struct {
	Pairs        int
	Mean         float64
	MeanInterval Interval // unknown with few blocks
	Percent      float64  // the mean, in percent of that of theirs; 0 where theirs is not above 0
	// PercentInterval is that of Percent; the blocks of both are drawn together.
	PercentInterval Interval
}

// Difference sums the pairs up; the label seeds the intervals.
func (p *Pairs) Difference(label string) Difference {
	d := Difference{
		Pairs: len(p.difference.values), Mean: Mean(p.difference.values), MeanInterval: p.difference.MeanInterval(label),
	}
	if of := Mean(p.base.values); of > 0 {
		ratio := p.difference.RatioInterval(&p.base, label)
		d.Percent, d.PercentInterval = 100*d.Mean/of, Interval{100 * ratio[0], 100 * ratio[1]}
	}
	return d
}
