package fitreport

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"slbtui/engine/fit"
)

// WriteText writes the report for people: one sentence first, then what it rests on.
func WriteText(w io.Writer, r Report) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n\n", r.sentence())
	end := r.began.Add(time.Duration(r.Seconds * float64(time.Second)))
	fmt.Fprintf(&b, "log        %s, %d requests of %d servers in %.4g s (%.4g/s), %s-%s UTC\n", r.Format, r.Requests, len(r.Servers), r.Seconds,
		float64(r.Requests)/r.Seconds, r.began.Format("2 Jan 2006 15:04:05"), end.Format("15:04:05"))
	for _, n := range r.notes {
		fmt.Fprintf(&b, "           %s\n", n)
	}
	fmt.Fprintf(&b, "routed by  %s (%s)\n", r.RoutedBy, r.why)
	c := r.check
	fmt.Fprintf(&b, "check      simulating %s with the sizes dealt out anew: ", c.By)
	if c.Collapsed {
		fmt.Fprintf(&b, "p50 %.1f ms (logged %.1f), above a second %.1f %% (%.1f); queues grew without end, so mean and p99 are not compared\n",
			c.Simulated.P50MS, c.Log.P50MS, 100*c.Simulated.OverSecond, 100*c.Log.OverSecond)
	} else {
		fmt.Fprintf(&b, "mean %.1f ms (logged %.1f), p99 %.1f (%.1f), slower under load x%.2f (x%.2f)\n",
			c.Simulated.MeanMS, c.Log.MeanMS, c.Simulated.P99MS, c.Log.P99MS, c.Simulated.Steepness, c.Log.Steepness)
	}
	fmt.Fprintf(&b, "trust      %s: %s\n", r.Grade, meaning[r.Grade])
	for _, reason := range r.Reasons {
		fmt.Fprintf(&b, "           - %s\n", reason)
	}
	b.WriteString("\n")
	r.servers(&b)
	b.WriteString("\n")
	r.policies(&b)
	_, err := b.WriteTo(w)
	return err
}

var meaning = map[fit.Grade]string{
	fit.A: "the simulation reproduces this log, and nothing that matters is unknown",
	fit.B: "something is not known, so the predictions are ranges",
	fit.C: "a check failed: the model is not one of this log",
}

// sentence is the answer: the three with the lowest p99 first.
func (r Report) sentence() string {
	if r.Grade == fit.C && !r.forced {
		return "No prediction: " + r.Reasons[0] + " (--force predicts all the same)."
	}
	logged := r.Policies[slices.IndexFunc(r.Policies, func(p Policy) bool { return p.Logged })]
	var others []string
	for _, i := range r.best() {
		p := r.Policies[i]
		text := fmt.Sprintf("%s %s", p.Policy, p.p99())
		if len(others) == 0 {
			text = fmt.Sprintf("%s would have had %s ms instead of %.0f at p99", p.Policy, p.p99(), logged.P99MS)
		}
		others = append(others, text)
	}
	trust := fmt.Sprintf("trust: %s", r.Grade)
	if r.forced {
		trust += ", a check has failed"
	}
	return strings.Join(append(others, trust), "; ") + "."
}

// wide is the width of a range, relative to the number, from which on it is told instead.
const wide = 0.10

func (p Policy) p99() string  { return orRange(p.P99MS, p.P99Range) }
func (p Policy) mean() string { return orRange(p.MeanMS, p.MeanRange) }

func orRange(point float64, over [2]float64) string {
	if over[1]-over[0] > wide*point {
		return fmt.Sprintf("%.0f to %.0f", over[0], over[1])
	}
	return fmt.Sprintf("%.1f", point)
}

func (r Report) servers(b *bytes.Buffer) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "server\trequests\tservice\tspread\tat once\tqueued\tperiods")
	for _, s := range r.Servers {
		_, _ = fmt.Fprintf(t, "%s\t%d\t%.1f ms\t%.2f\t%s\t%.0f %%\t%s\n", s.ID, s.Requests, s.ServiceMS, s.Sigma, s.atOnce(), 100*s.QueuedShare, s.periods())
	}
	_ = t.Flush() // into memory
	if r.Discipline == string(fit.Sharing) {
		b.WriteString(sharing + "\n")
	}
}

const sharing = "The servers share their processors: all requests are served at once, and more than these slow each other down."

// atOnce is how many requests a server serves at once, and what the log allows.
func (s Server) atOnce() string {
	switch {
	case s.Slots == 0 && s.SlotsHigh > 0:
		return fmt.Sprintf("%d to %d", s.SlotsLow, s.SlotsHigh)
	case s.Slots == 0:
		return fmt.Sprintf("%d or more", s.SlotsLow)
	case s.SlotsHigh == 0:
		return fmt.Sprintf("%d (%d-)", s.Slots, s.SlotsLow)
	}
	return fmt.Sprintf("%d (%d-%d)", s.Slots, s.SlotsLow, s.SlotsHigh)
}

func (s Server) periods() string {
	if len(s.Periods) == 0 {
		return "-"
	}
	var all []string
	for _, p := range s.Periods {
		text := string(p.Kind)
		switch p.Kind {
		case fit.Slow:
			text = fmt.Sprintf("slow x%.2f", p.Factor)
		case fit.Failing:
			text = fmt.Sprintf("failing %.0f %%", 100*p.Factor)
		}
		all = append(all, fmt.Sprintf("%s %.2f-%.2f s", text, p.FromS, p.ToS))
	}
	return strings.Join(all, ", ")
}

func (r Report) policies(b *bytes.Buffer) {
	if len(r.Policies) == 0 {
		return
	}
	if r.forced {
		b.WriteString("A check has failed: these numbers are of a model that is not one of this log.\n")
	}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "policy\tmean ms\tp50\tp95\tp99\terrors\twhat it takes")
	for _, p := range r.Policies {
		name, takes := p.Policy, p.How
		if p.Logged {
			name, takes = p.Policy+" (logged)", "what the log has"
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%.1f\t%.1f\t%s\t%.2f %%\t%s\n", name, p.mean(), p.P50MS, p.P95MS, p.p99(), 100*p.ErrorRate, takes)
	}
	_ = t.Flush() // into memory
}
