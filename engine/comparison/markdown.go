package comparison

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"slbtui/engine/printable"
	"slbtui/engine/stats"
)

// WriteMarkdown writes the report as tables for people: one a scenario, then how often each policy
// beat the classical ones over all of them.
func WriteMarkdown(w io.Writer, r Report) error {
	out := bufio.NewWriter(w)
	writePreamble(out, r)
	for i := range r.Comparisons {
		writeComparison(out, &r.Comparisons[i])
	}
	if len(r.Comparisons) > 1 {
		writeCounts(out, r)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the Markdown report: %w", err)
	}
	return nil
}

func writePreamble(out io.Writer, r Report) {
	_, _ = fmt.Fprintf(out, `# Policies in virtual time

%s. Every number is the mean over the seeds of one run's number; in brackets
its 95 %% bootstrap interval over the seeds. Latencies are in ms, from the instant a request was due, of successful
requests; failures are counted apart. "Against" is the paired difference on the same traces to the policy named above
the table: in per cent, its interval in ms, and in how many of the seeds the policy was lower. Unless asked otherwise
that is the classical (not learning) policy with the lowest mean, or p99, among those that fail at most half a point
more than the best of them. "Warm" leaves out the first 2,000 requests or a fifth of the run,
whichever is less. Regret is the latency summed over a run, 10 s for each failure, above that of the better
clairvoyant; below 0 it was better still. What is true only here: sizes and luck belong to the request, health polls
take no time, and a balancer costs nothing.
`, describeSeeds(r.Seeds))
}

func describeSeeds(seeds []uint64) string {
	if len(seeds) == 1 {
		return fmt.Sprintf("Seed %d", seeds[0])
	}
	for i := range seeds {
		if seeds[i] != seeds[0]+uint64(i) {
			return fmt.Sprintf("%d seeds", len(seeds))
		}
	}
	return fmt.Sprintf("%d seeds, %d to %d", len(seeds), seeds[0], seeds[len(seeds)-1])
}

func writeComparison(out io.Writer, c *Comparison) {
	_, _ = fmt.Fprintf(out, "\n## %s\n\n", printable.Line(c.Scenario.Name))
	if c.Scenario.About != "" {
		_, _ = fmt.Fprintf(out, "%s; %.4g requests/s for %v.\n\n", capitalised(printable.Line(c.Scenario.About)), c.Scenario.MeanRate(), c.Scenario.Duration)
	}
	if len(c.Rows) > 0 && c.Rows[0].Mean.Baseline != "" {
		_, _ = fmt.Fprintf(out, "Against %s (mean) and %s (p99).\n\n", c.Rows[0].Mean.Baseline, c.Rows[0].P99.Baseline)
	}
	fault, lone := c.Scenario.LoneFault()
	head := "| policy | mean | p50 | p95 | p99 | p99.9 | errors % | warm mean | warm p99 | mean against | p99 against | regret s |"
	rule := "|---|---|---|---|---|---|---|---|---|---|---|---|"
	if lone {
		head, rule = head+" detect s | recover s |", rule+"---|---|"
	}
	_, _ = fmt.Fprintf(out, "%s\n%s\n", head, rule)
	for i := range c.Rows {
		r := &c.Rows[i]
		_, _ = fmt.Fprintf(out, "| %s | %s%s | %s | %s | %s%s | %s | %.2f | %s | %s | %s | %s | %.0f |",
			r.Policy, ms(r.All.MeanMS), interval(r.All.MeanCI, r.Seeds), ms(r.All.P50MS), ms(r.All.P95MS),
			ms(r.All.P99MS), interval(r.All.P99CI, r.Seeds), ms(r.All.P999MS), 100*r.All.ErrorRate,
			ms(r.Warm.MeanMS), ms(r.Warm.P99MS), against(r.Policy, r.Mean, r.Seeds), against(r.Policy, r.P99, r.Seeds), r.endRegret())
		if lone {
			_, _ = fmt.Fprintf(out, " %s | %s |", seconds(r.DetectS(fault)), seconds(r.RecoverS(fault)))
		}
		_, _ = fmt.Fprintln(out)
	}
}

// writeCounts says in how many scenarios each policy had the better p99 and mean.
func writeCounts(out io.Writer, r Report) {
	_, _ = fmt.Fprint(out, "\n## Over all scenarios\n\nIn how many scenarios the mean over the seeds was lower than that of the best classical policy there.\n\n"+
		"| policy | scenarios | lower mean | lower p99 | p99 lower beyond the interval | p99 higher beyond the interval |\n|---|---|---|---|---|---|\n")
	for _, policy := range r.Policies() {
		n := r.Count(policy)
		_, _ = fmt.Fprintf(out, "| %s | %d | %d | %d | %d | %d |\n", policy, n.Scenarios, n.LowerMean, n.LowerP99, n.SurelyLowerP99, n.SurelyHigherP99)
	}
}

// Policies lists the policies of the report in their order.
func (r Report) Policies() []string {
	var names []string
	if len(r.Comparisons) > 0 {
		for i := range r.Comparisons[0].Rows {
			names = append(names, r.Comparisons[0].Rows[i].Policy)
		}
	}
	return names
}

// Tally counts scenarios by how a policy did against the baseline.
type Tally struct {
	Scenarios       int // those with a baseline
	LowerMean       int
	LowerP99        int
	SurelyLowerP99  int // the whole interval of the difference is below 0
	SurelyHigherP99 int // the whole interval is above 0
}

// Count counts in how many scenarios of the report the policy beat the baseline.
func (r Report) Count(policy string) Tally {
	var t Tally
	for i := range r.Comparisons {
		row := r.Comparisons[i].Row(policy)
		if row == nil || row.P99.Baseline == "" {
			continue
		}
		t.Scenarios++
		if row.Mean.DiffMS < 0 {
			t.LowerMean++
		}
		if row.P99.DiffMS < 0 {
			t.LowerP99++
		}
		if row.P99.CI[1] < 0 {
			t.SurelyLowerP99++
		}
		if row.P99.CI[0] > 0 {
			t.SurelyHigherP99++
		}
	}
	return t
}

func (r *Row) endRegret() float64 {
	if len(r.RegretS) == 0 {
		return 0
	}
	return r.RegretS[len(r.RegretS)-1]
}

func against(policy string, p Paired, seeds int) string {
	if p.Baseline == "" || p.Baseline == policy {
		return "baseline"
	}
	if seeds < 2 {
		return fmt.Sprintf("%+.1f %% %d/%d", p.Percent, p.Wins, seeds)
	}
	return fmt.Sprintf("%+.1f %% [%+.1f, %+.1f ms] %d/%d", p.Percent, p.CI[0], p.CI[1], p.Wins, seeds)
}

// ms shows tenths where they matter. A latency of 0 is that of no sample.
func ms(x float64) string {
	if x == 0 {
		return "-"
	}
	if x < 200 {
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// interval follows its number. One seed says nothing about the spread over seeds: there is none.
func interval(i stats.Interval, seeds int) string {
	if seeds < 2 {
		return ""
	}
	return " [" + ms(i[0]) + ", " + ms(i[1]) + "]"
}

func seconds(s float64) string {
	if s < 0 {
		return "never"
	}
	return fmt.Sprintf("%.0f", s)
}

func capitalised(s string) string {
	_, first := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:first]) + s[first:]
}
