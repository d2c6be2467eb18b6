package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"slbtui/engine/metrics"
)

// describe lays a comparison out for people.
func describe(c Comparison) document {
	d := document{Title: "Comparison of routing policies", Warning: c.Invalid}
	if c.Kind == KindSession {
		d.Title = "Session, policy by policy"
	}
	add := func(title string, blocks ...block) {
		if len(blocks) > 0 {
			d.Sections = append(d.Sections, section{Title: title, Blocks: blocks})
		}
	}
	add("Result", list(findings(c)))
	add("What was run", setting(c)...)
	add("Latency", latencyTable(c))
	add("Cold and warm", partsTable(c)...)
	if c.Baseline != "" {
		add("Against "+c.Baseline, gainTable(c)...)
	}
	add("Success and throughput", successTable(c))
	add("Requests by server", serverTable(c))
	add("Learning", learningTable(c)...)
	add("Runs", runTable(c))
	add("What the numbers do and do not say", list(caveats(c)))
	if c.Command != "" {
		add("How to run it again", block{Code: c.Command})
	}
	if charts := Charts(c); charts != nil {
		add("Plots", block{Figures: charts})
	}
	return d
}

func setting(c Comparison) []block {
	cells := [][]string{{"policies", strings.Join(c.Policies, ", ")}}
	row := func(name, value string) { cells = append(cells, []string{name, value}) }
	if c.Scenario != "" {
		row("scenario", c.Scenario)
	}
	var servers []string
	for _, s := range c.Servers {
		name := s.ID
		if s.Workers > 0 {
			name += fmt.Sprintf(" (%g ms, %d workers)", s.BaseDelayMS, s.Workers)
		}
		servers = append(servers, name)
	}
	row("servers", strings.Join(servers, ", "))
	if c.RatePerS > 0 {
		row("rate", fmt.Sprintf("%g requests/s on average", c.RatePerS))
	}
	if c.Requests > 0 {
		row("requests", fmt.Sprintf("%d due in each run", c.Requests))
	}
	if c.Kind == KindExperiment {
		row("repetitions", fmt.Sprintf("%d of %d finished; order of policies rotated", c.Repetitions, c.Planned))
	}
	row("seeds", joined(c.Seeds))
	for _, f := range c.Faults {
		row("fault", fmt.Sprintf("%s %s, %.1f-%.1f s", f.Server, f.Kind, f.StartS, f.EndS))
	}
	if c.MeasuredAt == "client" {
		row("latency", "the client's, from the moment each request was due; successful requests only")
	} else {
		row("latency", "the proxy's; successful requests only")
	}
	row("started", fmt.Sprintf("%s, %.0f s in all", c.Started.Format(time.RFC3339), c.ElapsedS))
	row("made by", fmt.Sprintf("%s %s, %s, %s/%s, %d CPUs", c.Tool, c.Version, c.Environment.Go, c.Environment.OS, c.Environment.Arch, c.Environment.CPUs))
	blocks := []block{{Table: &table{Header: []string{"", ""}, Rows: cells, Left: true}}}
	if len(c.Notes) > 0 {
		blocks = append(blocks, list(c.Notes))
	}
	return blocks
}

func joined(seeds []uint64) string {
	var out []string
	for _, s := range seeds {
		out = append(out, strconv.FormatUint(s, 10))
	}
	return strings.Join(out, ", ")
}

func latencyTable(c Comparison) block {
	var cells [][]string
	for _, p := range results(c) {
		s := p.Summary
		cells = append(cells, []string{
			p.Policy, count(s.Requests), within(s.MeanMS, p.MeanCI), ms(s.P50MS), ms(s.P95MS), within(s.P99MS, p.P99CI),
			ms(s.StdMS), ms(s.MinMS), ms(s.MaxMS), fmt.Sprintf("%.2f", s.CV),
		})
	}
	return rows([]string{"policy", "requests", "mean ms", "p50", "p95", "p99", "std", "min", "max", "CV"}, cells)
}

func partsTable(c Comparison) []block {
	var cells [][]string
	row := func(p PolicyResult, part string, s *metrics.Summary, mean, p99 Interval) {
		if s != nil {
			cells = append(cells, []string{p.Policy, part, count(s.Requests), within(s.MeanMS, mean), ms(s.P95MS), within(s.P99MS, p99), percent(100 * s.SuccessRate)})
		}
	}
	for _, p := range results(c) {
		row(p, PartCold, p.Cold, Interval{}, Interval{})
		row(p, PartWarm, p.Warm, p.WarmMeanCI, p.WarmP99CI)
	}
	if cells == nil {
		return nil
	}
	return []block{
		paragraph("Cold is the first 2,000 requests of a run or its first fifth, whichever is less; warm is the rest."),
		rows([]string{"policy", "part", "requests", "mean ms", "p95", "p99", "success"}, cells),
	}
}

func gainTable(c Comparison) []block {
	var cells [][]string
	for _, p := range results(c) {
		g, ok := c.Improvement[p.Policy]
		if !ok {
			continue
		}
		cells = append(cells, []string{
			p.Policy, signed(-g.LatencyReductionPercent), paired(g.All), paired(g.Cold), paired(g.Warm),
			signed(-g.P99ReductionPercent), signed(-g.StabilityPercent), signed(g.ThroughputIncreasePercent),
		})
	}
	if cells == nil {
		return nil
	}
	blocks := []block{rows([]string{"policy", "mean", "paired, ms", "paired, cold", "paired, warm", "p99", "CV", "throughput"}, cells)}
	if c.Kind == KindExperiment {
		blocks = append(blocks, paragraph(fmt.Sprintf("Negative is less than %s. Paired: the mean difference over requests of the same trace that both policies answered, with its 95 %% interval%s.", c.Baseline, blocksOf(c))))
	}
	return blocks
}

func blocksOf(c Comparison) string {
	for _, g := range c.Improvement {
		if g.All != nil && g.All.BlockS > 0 {
			return fmt.Sprintf(", bootstrapped over blocks of %g s", g.All.BlockS)
		}
	}
	return ""
}

func paired(d *PairedDifference) string {
	if d == nil {
		return "-"
	}
	return fmt.Sprintf("%+.1f [%+.1f, %+.1f]", d.MeanMS, d.CIMS[0], d.CIMS[1])
}

func successTable(c Comparison) block {
	var cells [][]string
	for _, p := range results(c) {
		s := p.Summary
		cells = append(cells, []string{p.Policy, percent(100 * s.SuccessRate), count(s.Failures), fmt.Sprintf("%.2f", s.Throughput), fmt.Sprintf("%.2f", p.Lag.P99MS), count(p.Lag.Dropped)})
	}
	return rows([]string{"policy", "success", "failures", "successes/s", "sent late by, p99 ms", "not sent"}, cells)
}

func serverTable(c Comparison) block {
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
	return rows(header, cells)
}

func learningTable(c Comparison) []block {
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
	return []block{
		rows([]string{"policy", "first part ends at request", "its mean ms", "mean ms of the last part", "which ends at request"}, cells),
		paragraph("Policies that do not learn are listed for comparison: where they change too, the servers or the load did."),
	}
}

func runTable(c Comparison) block {
	first := "repetition"
	if c.Kind == KindSession {
		first = "phase"
	}
	var cells [][]string
	for _, p := range results(c) {
		for _, r := range p.Runs {
			start := "cold"
			if r.Warmed {
				start = "warm"
			}
			s := r.Summary
			cells = append(cells, []string{p.Policy, strconv.Itoa(r.Number), start, count(s.Requests), ms(s.MeanMS), ms(s.P95MS), ms(s.P99MS), fmt.Sprintf("%.2f", s.CV), percent(100 * s.SuccessRate)})
		}
	}
	return rows([]string{"policy", first, "start", "requests", "mean ms", "p95", "p99", "CV", "success"}, cells)
}

// results lists the policies that were run, in order.
func results(c Comparison) []PolicyResult {
	var out []PolicyResult
	for _, name := range c.Policies {
		if p, ok := c.Strategies[name]; ok {
			out = append(out, p)
		}
	}
	return out
}

func count(n uint64) string { return strconv.FormatUint(n, 10) }

func ms(v float64) string { return fmt.Sprintf("%.1f", v) }

func percent(v float64) string { return fmt.Sprintf("%.2f %%", v) }

func signed(v float64) string { return fmt.Sprintf("%+.1f %%", math.Round(10*v)/10+0) } // never -0.0

func within(v float64, i Interval) string {
	if !i.Known() {
		return ms(v)
	}
	return fmt.Sprintf("%.1f [%.1f, %.1f]", v, i[0], i[1])
}
