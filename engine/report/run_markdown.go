package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"slbtui/engine/metrics"
	"slbtui/engine/printable"
	"slbtui/engine/summary"
)

const (
	markdownEvents = 200
	markdownRows   = 40
)

// RunMarkdown writes the summary for people.
func RunMarkdown(w io.Writer, r summary.Run) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Run summary\n\n")
	fmt.Fprintf(&b, "slbtui %s, %s, seed %d. Started %s, ran %.1f s, proxy on %s.\n", r.Version, r.Go, r.Seed, r.Started.Format(time.RFC3339), r.ElapsedS, r.Listen)
	if r.MeasuredAt == summary.AtClient {
		b.WriteString("Latencies are the client's, counted from the moment each request was due, of successful requests only.\n")
	} else {
		b.WriteString("Latencies are the proxy's (the traffic came from elsewhere), of successful requests only.\n")
	}
	if r.Load != nil {
		fmt.Fprintf(&b, "Load: %d requests due, %d sent, %d failed, %d dropped; sent late by %.2f ms at p99, %d by more than 20 ms.\n",
			r.Load.Scheduled, r.Load.Sent, r.Load.Failed, r.Load.Dropped, r.Load.LagP99MS, r.Load.Late)
		if r.Load.Lagging {
			b.WriteString("**The load generator sent more than one request in a hundred over 20 ms late: these latencies are not to be trusted.**\n")
		}
		if r.Load.Thinned() {
			b.WriteString("**More than one request in a hundred was not sent, as too many were in flight, and what they would have waited is in no latency: these are not to be trusted.**\n")
		}
	}
	b.WriteString("\n## Policies\n\n")
	statsHeader(&b, "policy")
	for _, p := range r.Policies {
		statsRow(&b, p.Policy, p.Summary, share(p.ByServer, r.Servers))
	}
	b.WriteString("\n## Phases\n\n")
	if r.EarlierPhases > 0 {
		fmt.Fprintf(&b, "%d earlier phases are not kept.\n\n", r.EarlierPhases)
	}
	statsHeader(&b, "phase")
	for _, p := range r.Phases {
		statsRow(&b, phaseName(p), p.Summary, share(p.ByServer, r.Servers))
	}
	phaseCaveats(&b, r.Phases)
	events(&b, r.Events)
	for _, l := range r.Learners {
		learner(&b, l)
	}
	_, err := io.WriteString(w, printable.Lines(b.String()))
	return err
}

func statsHeader(b *strings.Builder, first string) {
	fmt.Fprintf(b, "| %s | requests | mean ms | p50 | p95 | p99 | std | CV | req/s | success | share |\n", first)
	b.WriteString("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|\n")
}

func statsRow(b *strings.Builder, name string, s metrics.Summary, share string) {
	fmt.Fprintf(b, "| %s | %d | %s | %s | %s | %s | %s | %.2f | %.1f | %.2f %% | %s |\n",
		name, s.Requests, latency(s, s.MeanMS), latency(s, s.P50MS), latency(s, s.P95MS), latency(s, s.P99MS), latency(s, s.StdMS), s.CV, s.Throughput, 100*s.SuccessRate, share)
}

func phaseName(p metrics.Phase) string {
	name := fmt.Sprintf("%d %s, %.0f-%.0f s", p.Number, p.Policy, p.Start.Seconds(), p.End.Seconds())
	if p.WarmStart {
		name += " (warm)"
	}
	if p.StoodStill > 0 {
		name += fmt.Sprintf(" (stood still for %.0f s)", p.StoodStill.Seconds())
	}
	return name
}

// phaseCaveats say what the phases can't tell.
func phaseCaveats(b *strings.Builder, phases []metrics.Phase) {
	if len(phases) > 1 {
		b.WriteString("\nPhases follow each other: load and faults differ between them (see the events). This is what happened, not a controlled comparison; slbtui experiment makes one.\n")
	}
	for _, p := range phases {
		if p.WarmStart {
			b.WriteString("\nA phase marked warm began with a table that was learned before it (in shadow, or in an earlier phase): it is not a cold start.\n")
			return
		}
	}
}

// share names each server's part of the requests, in the servers' order.
func share(byServer map[string]uint64, servers []metrics.ServerTotal) string {
	var all uint64
	for _, n := range byServer {
		all += n
	}
	if all == 0 {
		return "none"
	}
	known := map[string]bool{}
	var parts []string
	for _, s := range servers {
		known[s.ID] = true
		parts = append(parts, fmt.Sprintf("%s %.0f %%", s.ID, 100*float64(byServer[s.ID])/float64(all)))
	}
	for _, id := range slices.Sorted(maps.Keys(byServer)) {
		if !known[id] {
			parts = append(parts, fmt.Sprintf("%s %.0f %%", id, 100*float64(byServer[id])/float64(all)))
		}
	}
	return strings.Join(parts, ", ")
}

func learner(b *strings.Builder, l summary.Learner) {
	fmt.Fprintf(b, "\n## Q-table of %s\n\n", l.Name)
	if len(l.QTable.Rows) == 0 {
		b.WriteString("Nothing learned.\n")
		return
	}
	fmt.Fprintf(b, "%d visited rows, %d updates, exploration rate now %.3f. Q is in reward units (-ms/10); bold marks the best action, visits in brackets.\n\n",
		l.QTable.States, l.Stats.Updates, l.Stats.Epsilon)
	title := "state"
	if !strings.HasPrefix(l.QTable.Rows[0].State, "(") {
		title = "in flight" // a factored table: a row is one server's load
	}
	fmt.Fprintf(b, "| %s | %s |\n|---|%s\n", title, strings.Join(l.QTable.Servers, " | "), strings.Repeat("---:|", len(l.QTable.Servers)))
	for i, row := range l.QTable.Rows {
		if i == markdownRows {
			fmt.Fprintf(b, "\nThe %d most visited of %d rows; run_summary.json has more.\n", markdownRows, l.QTable.States)
			break
		}
		fmt.Fprintf(b, "| %s |", row.State)
		for j, q := range row.Q {
			switch {
			case row.Visits[j] == 0:
				b.WriteString(" - |")
			case l.QTable.Servers[j] == row.Best:
				fmt.Fprintf(b, " **%.2f** (%d) |", q, row.Visits[j])
			default:
				fmt.Fprintf(b, " %.2f (%d) |", q, row.Visits[j])
			}
		}
		b.WriteString("\n")
	}
}

func events(b *strings.Builder, all []metrics.Event) {
	b.WriteString("\n## Events\n\n")
	if skipped := len(all) - markdownEvents; skipped > 0 {
		fmt.Fprintf(b, "The last %d; run_summary.json has %d more.\n\n", markdownEvents, skipped)
		all = all[skipped:]
	}
	for _, e := range all {
		fmt.Fprintf(b, "- %.1f s, %s: %s\n", e.At.Seconds(), e.Kind, e.Text)
	}
}
