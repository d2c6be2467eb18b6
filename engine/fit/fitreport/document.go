package fitreport

import (
	"fmt"
	"io"
	"time"

	"slbtui/engine/fit"
	"slbtui/engine/report/page"
)

// WriteMarkdown writes the report with the plots that lie beside it.
func WriteMarkdown(w io.Writer, r Report) error { return page.Markdown(w, r.document()) }

// WriteHTML writes the same as one page, with the plots drawn inside.
func WriteHTML(w io.Writer, r Report) error { return page.HTML(w, r.document()) }

// document lays the report out: the answer, how far to trust it, what it rests on.
func (r Report) document() page.Document {
	d := page.Document{Title: "What other policies would have made of this log", Lead: r.sentence()}
	if r.Grade == fit.C {
		d.Warning = r.Reasons
	}
	if len(r.Policies) > 0 {
		d.Add("Policies", r.policyTables()...)
	}
	trust := []page.Block{page.Paragraph(fmt.Sprintf("%s: %s.", r.Grade, meaning[r.Grade]))}
	if len(r.Reasons) > 0 {
		trust = append(trust, page.List(r.Reasons))
	}
	d.Add("How far to trust it", append(trust, r.checkTable()...)...)
	d.Add("Servers", r.serverTable()...)
	d.Add("The log", r.logTable()...)
	d.Add("What the numbers do and do not say", page.List(r.caveats()))
	if charts := Charts(r); charts != nil {
		d.Add("Plots", page.Block{Figures: charts})
	}
	return d
}

func (r Report) policyTables() []page.Block {
	var numbers, takes [][]string
	for _, p := range r.Policies {
		name := p.Policy
		if p.Logged {
			name += " (logged)"
		} else {
			takes = append(takes, []string{p.Policy, p.How})
		}
		numbers = append(numbers, []string{name, p.mean(), fmt.Sprintf("%.1f", p.P50MS), fmt.Sprintf("%.1f", p.P95MS), p.p99(), fmt.Sprintf("%.2f %%", 100*p.ErrorRate)})
	}
	return []page.Block{
		page.Rows([]string{"policy", "mean ms", "p50", "p95", "p99", "errors"}, numbers),
		page.Paragraph("What it takes to have it:"),
		{Table: &page.Table{Header: []string{"policy", "what it takes"}, Rows: takes, Left: true}},
	}
}

func (r Report) checkTable() []page.Block {
	row := func(name string, m fit.Marks) []string {
		return []string{name, ms(m.MeanMS), ms(m.P50MS), ms(m.P95MS), ms(m.P99MS), fmt.Sprintf("%.2f %%", 100*m.OverSecond), fmt.Sprintf("x%.2f", m.Steepness)}
	}
	blocks := []page.Block{
		page.Rows([]string{"the check", "mean ms", "p50", "p95", "p99", "above 1 s", "slower under load"},
			[][]string{row("the log", r.check.Log), row("simulated ("+r.check.By+")", r.check.Simulated)}),
		page.Paragraph("The sizes of each server's requests are dealt out anew, so that only what the servers are like can make the simulation alike. Slower under load: the response time of those that found most in flight over that of those that found fewest."),
	}
	if r.check.Collapsed {
		blocks = append(blocks, page.Paragraph("Queues grew without end: mean and p99 depend on everything then, and are not compared."))
	}
	return blocks
}

func ms(v float64) string { return fmt.Sprintf("%.1f", v) }

func (r Report) serverTable() []page.Block {
	var cells [][]string
	for _, s := range r.Servers {
		cells = append(cells, []string{s.ID, fmt.Sprint(s.Requests), ms(s.ServiceMS), fmt.Sprintf("%.2f", s.Sigma), s.atOnce(), fmt.Sprintf("%.0f %%", 100*s.QueuedShare), s.periods()})
	}
	blocks := []page.Block{page.Rows([]string{"server", "requests", "service ms", "spread", "at once", "queued", "periods"}, cells)}
	if r.Discipline == string(fit.Sharing) {
		blocks = append(blocks, page.Paragraph(sharing))
	}
	return blocks
}

func (r Report) logTable() []page.Block {
	end := r.began.Add(time.Duration(r.Seconds * float64(time.Second)))
	cells := [][]string{
		{"format", r.Format},
		{"requests", fmt.Sprintf("%d of %d servers, %.4g/s", r.Requests, len(r.Servers), float64(r.Requests)/r.Seconds)},
		{"time", fmt.Sprintf("%s-%s UTC, %.4g s", r.began.Format("2 Jan 2006 15:04:05"), end.Format("15:04:05"), r.Seconds)},
		{"routed by", fmt.Sprintf("%s: %s", r.RoutedBy, r.why)},
	}
	blocks := []page.Block{{Table: &page.Table{Header: []string{"", ""}, Rows: cells, Left: true}}}
	if len(r.notes) > 0 {
		blocks = append(blocks, page.List(r.notes))
	}
	return blocks
}

// caveats are what holds of every prediction.
func (r Report) caveats() []string {
	all := []string{
		"A prediction is of the same requests at the same times. Clients who would have waited less might have asked more.",
		"A range stands where a number would be a guess: 95 % of what the services of other seconds of the log make of it, and, where slots are unknown, with as few as there may be and without limit.",
		"Policies that learn begin cold: they know nothing at the first request, as on their first day.",
		"A server that is slow for a reason outside of it, such as a database behind all of them, is taken for slow by itself.",
	}
	if len(r.curves) > shownServers {
		all = append(all, fmt.Sprintf("The plots show the first %d of the %d servers.", shownServers, len(r.curves)))
	}
	return all
}
