package comparison

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"slbtui/engine/printable"
)

// WriteRanking writes the report for a terminal: each scenario's policies, the lowest mean first, within
// eighty columns. A policy that fails more than half a point more than the best of them comes after those
// that do not: it leaves out of its latencies what it failed.
func WriteRanking(w io.Writer, r Report) error {
	out := bufio.NewWriter(w)
	_, _ = fmt.Fprintf(out, "%s; means over the seeds, ms; in brackets 95 %% intervals\n", describeSeeds(r.Seeds))
	for i := range r.Comparisons {
		rank(out, &r.Comparisons[i])
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the ranking: %w", err)
	}
	return nil
}

func rank(out io.Writer, c *Comparison) {
	rows := slices.Clone(c.Rows)
	fewest := 1.0
	for i := range rows {
		fewest = min(fewest, rows[i].All.ErrorRate)
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(failing(a, fewest), failing(b, fewest)), cmp.Compare(a.All.MeanMS, b.All.MeanMS))
	})
	const name = 25
	_, _ = fmt.Fprintf(out, "\n%-*.*s %6s %6s %6s %7s  %s\n", name, name, printable.Line(c.Scenario.Name), "mean", "p95", "p99", "errors", "mean, against")
	for i := range rows {
		r := &rows[i]
		_, _ = fmt.Fprintf(out, "%2d %-*s %6s %6s %6s %6.2f%%  %s\n", i+1, name-3, r.Policy, ms(r.All.MeanMS), ms(r.All.P95MS), ms(r.All.P99MS),
			100*r.All.ErrorRate, r.gain())
	}
}

// failing is the error rate beyond what is tolerated, in whole percent: who fails less is ranked first.
func failing(r Row, fewest float64) int {
	if r.All.ErrorRate <= fewest+tolerated {
		return 0
	}
	return 1 + int(100*(r.All.ErrorRate-fewest))
}

// gain is the paired difference of the mean, or that the policy is the one to compare with.
func (r *Row) gain() string {
	switch {
	case r.Mean.Baseline == "":
		return ""
	case r.Mean.Baseline == r.Policy:
		return "baseline"
	case r.Seeds < 2 || r.Mean.BaseMS == 0:
		return change(r.Mean.Percent) + "%"
	}
	low, high := 100*r.Mean.CI[0]/r.Mean.BaseMS, 100*r.Mean.CI[1]/r.Mean.BaseMS
	return fmt.Sprintf("%s%% [%s, %s]", change(r.Mean.Percent), change(low), change(high))
}

// change shows tenths of a percent where they matter.
func change(percent float64) string {
	if math.Abs(percent) < 100 {
		return fmt.Sprintf("%+.1f", math.Round(10*percent)/10+0) // never -0.0
	}
	return fmt.Sprintf("%+.0f", percent)
}
