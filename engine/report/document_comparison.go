package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"slbtui/engine/metrics"
	"slbtui/engine/report/page"
	"slbtui/engine/stats"
	"slbtui/engine/summary"
)

// describe lays a comparison out for people.
func describe(c Comparison) page.Document {
	d := page.Document{Title: "Comparison of routing policies", Warning: c.Invalid}
	if c.Kind == KindSession {
		d.Title = "Session, policy by policy"
	}
	d.Add("Result", page.List(findings(c)))
	d.Add("What was run", setting(c)...)
	d.Add("Latency", latencyTable(c))
	d.Add("Cold and warm", partsTable(c)...)
	if c.Baseline != "" {
		d.Add("Against "+c.Baseline, gainTable(c)...)
	}
	d.Add("Success and throughput", successTable(c))
	d.Add("Requests by server", serverTable(c))
	d.Add("Learning", learningTable(c)...)
	d.Add("Runs", runTable(c))
	d.Add("What the numbers do and do not say", page.List(caveats(c)))
	if c.Command != "" {
		d.Add("How to run it again", page.Block{Code: c.Command})
	}
	if charts := Charts(c); charts != nil {
		d.Add("Plots", page.Block{Figures: charts})
	}
	return d
}

func setting(c Comparison) []page.Block {
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
		row("rate", fmt.Sprintf("%.4g requests/s on average", c.RatePerS))
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
	if c.MeasuredAt == summary.AtClient {
		row("latency", "the client's, from the moment each request was due; successful requests only")
	} else {
		row("latency", "the proxy's; successful requests only")
	}
	row("started", fmt.Sprintf("%s, %.0f s in all", c.Started.Format(time.RFC3339), c.ElapsedS))
	row("made by", fmt.Sprintf("%s %s, %s, %s/%s, %d CPUs", c.Tool, c.Version, c.Environment.Go, c.Environment.OS, c.Environment.Arch, c.Environment.CPUs))
	blocks := []page.Block{{Table: &page.Table{Header: []string{"", ""}, Rows: cells, Left: true}}}
	if len(c.Notes) > 0 {
		blocks = append(blocks, page.List(c.Notes))
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

// latency is a number of a summary in ms; a dash where there are no samples of it.
func latency(s metrics.Summary, v float64) string {
	if s.Requests == s.Failures {
		return "-"
	}
	return ms(v)
}

// latencyWithin is latency with an interval.
func latencyWithin(s metrics.Summary, v float64, i stats.Interval) string {
	if s.Requests == s.Failures {
		return "-"
	}
	return within(v, i)
}

func percent(v float64) string { return fmt.Sprintf("%.2f %%", v) }

func signed(v float64) string { return fmt.Sprintf("%+.1f %%", math.Round(10*v)/10+0) } // never -0.0

func within(v float64, i stats.Interval) string {
	if !i.Known() {
		return ms(v)
	}
	return fmt.Sprintf("%.1f [%.1f, %.1f]", v, i[0], i[1])
}
