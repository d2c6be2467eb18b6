// Package failif is the flag --fail-if: rules about the numbers of a run that decide its exit code. It knows what each
// kind of run has numbers of, and has no goroutine.
package failif

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"slbtui/engine/comparison"
	"slbtui/engine/metrics"
	"slbtui/engine/printable"
	"slbtui/engine/report"
	"slbtui/engine/summary"
	"slbtui/engine/threshold"
	"slbtui/loadgen"
)

// MissedError marks a run that was fine but for what --fail-if says.
type MissedError struct{ error }

// Unwrap returns which thresholds were missed.
func (m MissedError) Unwrap() error { return m.error }

// Rules are those of --fail-if. It is the value of that flag, so that a bad rule is an error of the
// command line.
type Rules []threshold.Rule

// String is what the flag's default would look like.
func (f *Rules) String() string { return "" }

// Type is the placeholder of the value.
func (f *Rules) Type() string { return "RULE" }

// Set adds a rule.
func (f *Rules) Set(text string) error {
	r, err := threshold.Parse(text)
	if err != nil {
		return err
	}
	*f = append(*f, r)
	return nil
}

// Flag adds the flag to a command.
func (f *Rules) Flag(cmd *cobra.Command) {
	cmd.Flags().Var(f, "fail-if", "exit with 3 if `RULE` comes true, such as 'p99>200ms', 'errors>=1%' or 'q_factored:mean>80ms'; "+
		"of "+strings.Join(threshold.Metrics(), " ")+"; repeatable")
}

// Check fails for rules about nobody among the names.
func (f Rules) Check(names []string) error {
	if err := threshold.Check(f, names); err != nil {
		return fmt.Errorf("--fail-if: %w", err)
	}
	return nil
}

// Judge prints a line for each rule, and fails when one was missed. The lines go beside the result, not into it: that
// may be read by a program.
func (f Rules) Judge(w io.Writer, subjects []threshold.Subject) error {
	missed := 0
	for _, v := range threshold.Judge(f, subjects) {
		if v.Missed {
			missed++
		}
		_, _ = fmt.Fprintln(w, printable.Line(v.String())) // a verdict that cannot be printed is still the exit code
	}
	if missed > 0 {
		return MissedError{fmt.Errorf("%d of %d thresholds missed", missed, len(f))}
	}
	return nil
}

// OfLoad is what rules are held against after a load. It has no policies.
func OfLoad(s loadgen.Stats) []threshold.Subject {
	l := s.Latency
	return []threshold.Subject{{Numbers: threshold.Numbers{
		Due: float64(s.Scheduled), Dropped: float64(s.Dropped), Requests: float64(s.Completed), Failures: float64(s.Failed),
		MeanMS: l.MeanMS, P50MS: l.P50MS, P90MS: l.P90MS, P95MS: l.P95MS, P99MS: l.P99MS, P999MS: l.P999MS, MaxMS: l.MaxMS,
	}}}
}

func numbers(s metrics.Summary) threshold.Numbers {
	return threshold.Numbers{
		Requests: float64(s.Requests), Failures: float64(s.Failures),
		MeanMS: s.MeanMS, P50MS: s.P50MS, P90MS: s.P90MS, P95MS: s.P95MS, P99MS: s.P99MS, P999MS: s.P999MS, MaxMS: s.MaxMS,
	}
}

// OfRun has a subject for each policy that routed. How much was dropped is known of the whole run only.
func OfRun(r summary.Run) []threshold.Subject {
	var out []threshold.Subject
	for _, p := range r.Policies {
		s := threshold.Subject{Name: p.Policy, By: []string{p.Policy}, Numbers: numbers(p.Summary)}
		if r.Load != nil {
			s.Due, s.Dropped = float64(r.Load.Scheduled), float64(r.Load.Dropped)
		}
		out = append(out, s)
	}
	return out
}

// OfComparison has a subject for each policy of an experiment, all its repetitions together.
func OfComparison(c report.Comparison) []threshold.Subject {
	var out []threshold.Subject
	for _, name := range c.Policies {
		p := c.Strategies[name]
		s := threshold.Subject{Name: name, By: NamesOf(c.Scenario, name), Numbers: numbers(p.Summary)}
		s.Dropped = float64(p.Lag.Dropped)
		s.Due = s.Requests + s.Dropped
		out = append(out, s)
	}
	return out
}

// OfSimulation has a subject for each policy and scenario. Each number is the mean over the seeds.
func OfSimulation(r comparison.Report) []threshold.Subject {
	var out []threshold.Subject
	for i := range r.Comparisons {
		for _, row := range r.Comparisons[i].Rows {
			a := &row.All
			out = append(out, threshold.Subject{
				Name: row.Scenario + " " + row.Policy, By: NamesOf(row.Scenario, row.Policy),
				Numbers: threshold.Numbers{
					Due: a.Requests, Requests: a.Requests, Failures: a.ErrorRate * a.Requests,
					MeanMS: a.MeanMS, P50MS: a.P50MS, P90MS: a.P90MS, P95MS: a.P95MS, P99MS: a.P99MS, P999MS: a.P999MS, MaxMS: a.MaxMS,
				},
			})
		}
	}
	return out
}

// NamesOf are the names by which a rule can be about a policy in a scenario.
func NamesOf(scenario, policy string) []string {
	return []string{policy, scenario, scenario + "/" + policy}
}
