package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"slbtui/engine/metrics"
	"slbtui/engine/report/page"
	"slbtui/engine/stats"
)

func latencyTable(c Comparison) page.Block {
	var cells [][]string
	for _, p := range results(c) {
		s := p.Summary
		cells = append(cells, []string{
			p.Policy, count(s.Requests), latencyWithin(s, s.MeanMS, p.MeanCI), latency(s, s.P50MS), latency(s, s.P95MS), latencyWithin(s, s.P99MS, p.P99CI),
			latency(s, s.StdMS), latency(s, s.MinMS), latency(s, s.MaxMS), fmt.Sprintf("%.2f", s.CV),
		})
	}
	return page.Rows([]string{"policy", "requests", "mean ms", "p50", "p95", "p99", "std", "min", "max", "CV"}, cells)
}

func partsTable(c Comparison) []page.Block {
	var cells [][]string
	row := func(p PolicyResult, part string, s *metrics.Summary, mean, p99 stats.Interval) {
		if s != nil {
			cells = append(cells, []string{p.Policy, part, count(s.Requests), latencyWithin(*s, s.MeanMS, mean), latency(*s, s.P95MS), latencyWithin(*s, s.P99MS, p99), percent(100 * s.SuccessRate)})
		}
	}
	for _, p := range results(c) {
		row(p, PartCold, p.Cold, stats.Interval{}, stats.Interval{})
		row(p, PartWarm, p.Warm, p.WarmMeanCI, p.WarmP99CI)
	}
	if cells == nil {
		return nil
	}
	return []page.Block{
		page.Paragraph("Cold is the first 2,000 requests of a run or its first fifth, whichever is less; warm is the rest."),
		page.Rows([]string{"policy", "part", "requests", "mean ms", "p95", "p99", "success"}, cells),
	}
}

func gainTable(c Comparison) []page.Block {
	header := []string{"policy", "mean", "p99", "CV", "throughput"}
	blockS := 0.0
	for _, g := range c.Improvement {
		if g.All != nil {
			blockS = g.All.BlockS
		}
	}
	if blockS > 0 {
		header = append(header, "paired, ms", "paired, cold", "paired, warm")
	}
	var cells [][]string
	for _, p := range results(c) {
		g, ok := c.Improvement[p.Policy]
		if !ok {
			continue
		}
		row := []string{p.Policy, signed(-g.LatencyReductionPercent), signed(-g.P99ReductionPercent), signed(-g.StabilityPercent), signed(g.ThroughputIncreasePercent)}
		if blockS > 0 {
			row = append(row, paired(g.All), paired(g.Cold), paired(g.Warm))
		}
		cells = append(cells, row)
	}
	if cells == nil {
		return nil
	}
	note := fmt.Sprintf("Negative is less than %s.", c.Baseline)
	if blockS > 0 {
		note += fmt.Sprintf(" Paired: the mean difference over requests of the same trace that both policies answered, with its 95 %% interval, bootstrapped over blocks of %g s.", blockS)
	}
	return []page.Block{page.Rows(header, cells), page.Paragraph(note)}
}

func paired(d *PairedDifference) string {
	if d == nil {
		return "-"
	}
	if !d.CIMS.Known() {
		return fmt.Sprintf("%+.1f", d.MeanMS)
	}
	return fmt.Sprintf("%+.1f [%+.1f, %+.1f]", d.MeanMS, d.CIMS[0], d.CIMS[1])
}

func successTable(c Comparison) page.Block {
	header := []string{"policy", "success", "failures", "successes/s"}
	if c.Kind == KindExperiment {
		header = append(header, "sent late by, p99 ms", "not sent")
	}
	var cells [][]string
	for _, p := range results(c) {
		s := p.Summary
		row := []string{p.Policy, percent(100 * s.SuccessRate), count(s.Failures), fmt.Sprintf("%.2f", s.Throughput)}
		if c.Kind == KindExperiment {
			row = append(row, fmt.Sprintf("%.2f", p.Lag.P99MS), count(p.Lag.Dropped))
		}
		cells = append(cells, row)
	}
	return page.Rows(header, cells)
}

func serverTable(c Comparison) page.Block {
	header := []string{"policy"}
	known := map[string]bool{}
	for _, s := range c.Servers {
		header, known[s.ID] = append(header, s.ID), true
	}
	for _, p := range results(c) {
		for _, id := range slices.Sorted(maps.Keys(p.ByServer)) {
			if !known[id] {
				header, known[id] = append(header, id), true
			}
		}
	}
	var cells [][]string
	for _, p := range results(c) {
		var all uint64
		for _, n := range p.ByServer {
			all += n
		}
		row := []string{p.Policy}
		for _, id := range header[1:] {
			row = append(row, fmt.Sprintf("%d (%.0f %%)", p.ByServer[id], 100*float64(p.ByServer[id])/float64(max(1, all))))
		}
		cells = append(cells, row)
	}
	for i, id := range header {
		if id == "" {
			header[i] = "not known"
		}
	}
	return page.Rows(header, cells)
}

func learningTable(c Comparison) []page.Block {
	var cells [][]string
	for _, p := range results(c) {
		if n := len(p.LearningCurve); n > 1 {
			first, last := p.LearningCurve[0], p.LearningCurve[n-1]
			cells = append(cells, []string{p.Policy, count(first.Requests), ms(first.MeanMS), ms(last.MeanMS), count(last.Requests)})
		}
	}
	if cells == nil {
		return nil
	}
	return []page.Block{
		page.Rows([]string{"policy", "first part ends at request", "its mean ms", "mean ms of the last part", "which ends at request"}, cells),
		page.Paragraph("Policies that do not learn are listed for comparison: where they change too, the servers or the load did."),
	}
}

func runTable(c Comparison) page.Block {
	first := "repetition"
	if c.Kind == KindSession {
		first = "phase"
	}
	var cells [][]string
	for _, p := range results(c) {
		for _, r := range p.Runs {
			start := "-"
			switch {
			case r.Warmed:
				start = "warm"
			case p.Learner:
				start = "cold"
			}
			s := r.Summary
			cells = append(cells, []string{p.Policy, strconv.Itoa(r.Number), start, count(s.Requests), latency(s, s.MeanMS), latency(s, s.P95MS), latency(s, s.P99MS), fmt.Sprintf("%.2f", s.CV), percent(100 * s.SuccessRate)})
		}
	}
	return page.Rows([]string{"policy", first, "table at start", "requests", "mean ms", "p95", "p99", "CV", "success"}, cells)
}
