package report

import (
	"fmt"
	"slices"

	"slbtui/engine/summary"
)

// findings says in a sentence a policy what came out.
func findings(c Comparison) []string {
	var out []string
	for _, p := range results(c) {
		if p.Summary.Requests == 0 {
			out = append(out, p.Policy+": no request was completed.")
			continue
		}
		if p.Summary.Requests == p.Summary.Failures {
			out = append(out, fmt.Sprintf("%s: none of %d requests succeeded.", p.Policy, p.Summary.Requests))
			continue
		}
		line := fmt.Sprintf("%s: mean %.1f ms, p99 %.1f ms, %.2f %% of %d requests succeeded", p.Policy, p.Summary.MeanMS, p.Summary.P99MS, 100*p.Summary.SuccessRate, p.Summary.Requests)
		if g, ok := c.Improvement[p.Policy]; ok {
			line += fmt.Sprintf("; mean %+.1f %% against %s", -g.LatencyReductionPercent, g.Baseline)
			if p.Outside || c.Strategies[c.Baseline].Outside {
				line += " (other servers: not a tested difference)"
			} else {
				line += verdict(g.All)
			}
		}
		if why := c.Incomparable[p.Policy]; why != "" {
			line += fmt.Sprintf("; not comparable with %s: %s", c.Baseline, why)
		}
		out = append(out, line+".")
	}
	return out
}

func verdict(d *PairedDifference) string {
	switch {
	case d == nil || !d.CIMS.Known():
		return " (no interval: not a tested difference)"
	case d.CIMS[1] < 0:
		return fmt.Sprintf(", faster: paired %+.1f %% [%+.1f, %+.1f]", d.Percent, d.PercentCI[0], d.PercentCI[1])
	case d.CIMS[0] > 0:
		return fmt.Sprintf(", slower: paired %+.1f %% [%+.1f, %+.1f]", d.Percent, d.PercentCI[0], d.PercentCI[1])
	}
	return fmt.Sprintf(", no difference shown: paired %+.1f %% [%+.1f, %+.1f] contains 0", d.Percent, d.PercentCI[0], d.PercentCI[1])
}

// caveats says what may be read from the numbers and what may not.
func caveats(c Comparison) []string {
	var out []string
	if c.Kind == KindSession {
		out = append(out,
			"The phases of a session follow each other: load, faults and what a learner already knew differ between them. This is a record of what happened, not a controlled comparison; slbtui experiment makes one.",
			"A phase marked warm began with a table learned before it, in shadow or in an earlier phase.")
	} else {
		same := "Every policy met the same arrivals and the same service draws, on fresh servers, one after the other on one machine."
		if outside(c) {
			same = "Every policy met the same arrivals and the same service draws, on fresh servers, one after the other. The balancer outside met the same arrivals, in front of servers of its own: " +
				"how these differ from ours is in every number beside its name, so there is no interval for it."
		}
		out = append(out, same,
			"Intervals cover chance within these runs. They do not cover other machines, other traffic or other seeds; a claim about those needs more seeds (slbtui simulate) and a try on the real thing.")
		if len(c.Seeds) < 3 {
			out = append(out, "With fewer than three repetitions an odd moment of the machine can look like an effect.")
		}
	}
	if c.MeasuredAt == summary.AtClient {
		out = append(out, "Latency counts from the moment a request was due, so waiting behind slow ones is in it.")
	} else {
		out = append(out, "Latency was taken at the proxy: what the client waited before and after is not in it.")
	}
	out = append(out, "Failures are counted apart and are in no latency. A policy that fails more has an easier mean: read both tables.")
	if base, ok := c.Strategies[c.Baseline]; ok {
		for _, p := range results(c) {
			if p.Summary.SuccessRate < base.Summary.SuccessRate-0.001 {
				out = append(out, fmt.Sprintf("%s succeeded less often than %s (%.2f %% against %.2f %%): its latency leaves out the requests it failed.",
					p.Policy, c.Baseline, 100*p.Summary.SuccessRate, 100*base.Summary.SuccessRate))
			}
		}
	}
	for _, s := range c.Servers {
		if s.Workers > 0 {
			out = append(out, "The servers are simulated: service times are drawn, not worked for. Differences between policies carry over better than milliseconds do.")
			break
		}
	}
	if c.RegretReference != "" {
		out = append(out, fmt.Sprintf("Regret is against %s: a reference chosen after the fact, not the best possible.", c.RegretReference))
	}
	return out
}

// outside tells whether a balancer that runs elsewhere took part.
func outside(c Comparison) bool {
	return slices.ContainsFunc(results(c), func(p PolicyResult) bool { return p.Outside })
}
