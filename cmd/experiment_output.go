package cmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"slbtui/engine/experiment"
	"slbtui/engine/printable"
	"slbtui/engine/report"
)

// printComparison prints the outcome in a few lines, or as JSON. folder is where the reports are; empty when they could not be written.
func printComparison(w io.Writer, c report.Comparison, folder string, asJSON bool) error {
	if asJSON {
		return printJSON(w, func(w io.Writer) error { return report.ComparisonJSON(w, c) })
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s, %d of %d repetitions, seeds %v\n", printable.Line(c.Scenario), c.Repetitions, c.Planned, c.Seeds)
	fmt.Fprintf(&b, "%-22s %8s %9s %9s %9s %6s %8s  %s\n", "policy", "requests", "mean ms", "p95", "p99", "CV", "failed", "mean against "+c.Baseline+" (95 %)")
	for _, name := range c.Policies {
		s := c.Strategies[name].Summary
		other := name == experiment.Outside || c.Baseline == experiment.Outside
		ms := measured(s.Requests > s.Failures)
		fmt.Fprintf(&b, "%-22s %8d %9s %9s %9s %6.2f %8d", name, s.Requests, ms(s.MeanMS), ms(s.P95MS), ms(s.P99MS), s.CV, s.Failures)
		if d := c.Improvement[name].All; d != nil {
			fmt.Fprintf(&b, "  %+.1f %%", d.Percent)
			if d.CIMS.Known() {
				fmt.Fprintf(&b, " (%+.1f to %+.1f)", d.PercentCI[0], d.PercentCI[1])
			}
			if warm := c.Improvement[name].Warm; warm != nil {
				fmt.Fprintf(&b, ", once warm %+.1f %%", warm.Percent)
			}
		} else if i, compared := c.Improvement[name]; compared && other && s.Requests > s.Failures {
			fmt.Fprintf(&b, "  %+.1f %%, on other servers", -i.LatencyReductionPercent)
		}
		b.WriteByte('\n')
	}
	for _, why := range c.Invalid {
		fmt.Fprintf(&b, "INVALID: %s\n", printable.Line(why))
	}
	for _, note := range c.Notes {
		fmt.Fprintf(&b, "note: %s\n", printable.Line(note))
	}
	if folder != "" {
		fmt.Fprintf(&b, "reports in %s\n", folder)
	}
	_, err := b.WriteTo(w)
	return err
}

// printJSON prints what write writes, escaped where a terminal would obey it.
func printJSON(w io.Writer, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	_, err := w.Write(printable.JSON(b.Bytes()))
	return err
}

// experimentFailure is the error of an experiment in which a contestant answered nothing: there is no comparison with it.
func experimentFailure(c report.Comparison) error {
	var dead []string
	for _, name := range c.Policies {
		if s := c.Strategies[name].Summary; s.Requests == s.Failures {
			dead = append(dead, name)
		}
	}
	if dead == nil {
		return nil
	}
	return fmt.Errorf("no request succeeded under %s", strings.Join(dead, ", "))
}

// printVirtual prints real and virtual time side by side.
func printVirtual(ctx context.Context, w io.Writer, plan experiment.Plan, result report.Comparison) error {
	both, err := experiment.CheckVirtual(ctx, plan, result)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%-22s %9s %9s %8s %9s %9s %8s\n", "the same requests", "mean ms", "virtual", "", "p99 ms", "virtual", "")
	for _, v := range both {
		fmt.Fprintf(&b, "%-22s %9.1f %9.1f %+7.1f%% %9.1f %9.1f %+7.1f%%\n", v.Policy,
			v.RealMeanMS, v.VirtualMeanMS, v.MeanPercent, v.RealP99MS, v.VirtualP99MS, v.P99Percent)
	}
	_, err = b.WriteTo(w)
	return err
}
