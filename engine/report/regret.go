package report

import "fmt"

// FillRegret sets the cumulative regret of every policy against the one with the lowest mean of
// those compared, second by second: how much longer the requests that ended in that second took than
// those of the reference, summed up. Where the reference answered none, because its run is over
// already, its mean over the whole run stands in. Failures are not in it. It leaves a result alone whose regret is known already, and a session,
// whose phases met different work.
func (c *Comparison) FillRegret() {
	best := ""
	for _, name := range c.Policies {
		s, run := c.Strategies[name]
		if s.Regret != nil {
			return
		}
		if run && s.Summary.MeanMS > 0 && (best == "" || s.Summary.MeanMS < c.Strategies[best].Summary.MeanMS) {
			best = name
		}
	}
	if best == "" || c.Kind == KindSession || len(c.Policies) < 2 {
		return
	}
	reference := map[float64]float64{}
	for _, t := range c.Strategies[best].Timeline {
		reference[t.EndS] = t.MeanMS
	}
	c.RegretReference = fmt.Sprintf("%s, the lowest mean of those compared", best)
	for name, s := range c.Strategies {
		s.Regret = []RegretPoint{}
		total := 0.0
		for _, t := range s.Timeline {
			against := reference[t.EndS]
			if against == 0 {
				against = c.Strategies[best].Summary.MeanMS
			}
			answered := float64(t.Requests - t.Failures)
			total += (t.MeanMS - against) * answered / 1000 / float64(max(1, len(s.Runs)))
			s.Regret = append(s.Regret, RegretPoint{AtS: t.EndS, RegretS: total})
		}
		c.Strategies[name] = s
	}
}
