package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slbtui/loadgen"
)

// runLoad sends until ctx has ended or the duration is over, and tells once a second how it goes.
func runLoad(ctx context.Context, progress io.Writer, gen *loadgen.Generator) error {
	begun := time.Now()
	done := make(chan error, 1)
	go func() { done <- gen.Run(ctx) }()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-ticker.C:
			s := gen.Stats()
			ms := measured(s.Latency.Count > 0)
			_, _ = fmt.Fprintf(progress, "%4.0fs  sent %d  answered %d  failed %d  dropped %d  mean %s ms  p95 %s  p99 %s\n",
				time.Since(begun).Seconds(), s.Sent, s.Completed, s.Failed, s.Dropped, ms(s.Latency.MeanMS), ms(s.Latency.P95MS), ms(s.Latency.P99MS))
		}
	}
}

// measured returns how a latency in ms is written: a dash where there are no samples.
func measured(any bool) func(ms float64) string {
	return func(ms float64) string {
		if !any {
			return "-"
		}
		return fmt.Sprintf("%.1f", ms)
	}
}

// loadVersion is that of the names in a loadOutput. New names leave it.
const loadVersion = 1

// loadOutput is what --json prints.
type loadOutput struct {
	Version int    `json:"version"`
	Seed    uint64 `json:"seed"`
	loadgen.Stats
	Latency *loadgen.LatencySummary `json:"latency"` // that of Stats; null without samples: zeros would read as a fast server
}

// loadJSON is the result of a run for programs.
func loadJSON(seed uint64, s loadgen.Stats) loadOutput {
	out := loadOutput{Version: loadVersion, Seed: seed, Stats: s}
	if s.Latency.Count > 0 {
		out.Latency = &s.Latency
	}
	return out
}

// print writes the result in the form that was asked for. Warnings are part of a text; beside numbers for programs they
// go to the errors.
func (f loadFlags) print(cmd *cobra.Command, gen *loadgen.Generator, s loadgen.Stats, seed uint64) error {
	w := cmd.OutOrStdout()
	if !f.json && !f.hgrm {
		return loadText(w, s, seed)
	}
	for _, warning := range loadWarnings(s) {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), warning)
	}
	if f.hgrm {
		return gen.WritePercentiles(w)
	}
	return json.NewEncoder(w).Encode(loadJSON(seed, s))
}

func loadText(w io.Writer, s loadgen.Stats, seed uint64) error {
	var b bytes.Buffer
	l, ms := s.Latency, measured(s.Latency.Count > 0)
	fmt.Fprintf(&b, "seed %d\nrequests  %d due, %d sent, %d answered, %d failed, %d dropped\n", seed, s.Scheduled, s.Sent, s.Completed, s.Failed, s.Dropped)
	if line := statuses(s); line != "" {
		fmt.Fprintf(&b, "status    %s\n", line)
	}
	if line := reasons(s); line != "" {
		fmt.Fprintf(&b, "errors    %s\n", line)
	}
	fmt.Fprintf(&b, "latency   mean %s ms  p50 %s  p90 %s  p95 %s  p99 %s  p99.9 %s  min %s  max %s  std %s\n",
		ms(l.MeanMS), ms(l.P50MS), ms(l.P90MS), ms(l.P95MS), ms(l.P99MS), ms(l.P999MS), ms(l.MinMS), ms(l.MaxMS), ms(l.StdMS))
	fmt.Fprintf(&b, "generator sent late by %.2f ms at p99, %.2f at most\n", s.LagP99MS, s.LagMaxMS)
	for _, warning := range loadWarnings(s) {
		fmt.Fprintln(&b, warning)
	}
	_, err := b.WriteTo(w)
	return err
}

// loadWarnings say why the latencies are not to be trusted.
func loadWarnings(s loadgen.Stats) (warnings []string) {
	if 100*s.Late > s.Sent {
		warnings = append(warnings, "the generator sent more than one request in a hundred over 20 ms late: these latencies are not to be trusted")
	}
	if s.StoodStill > 0 {
		warnings = append(warnings, fmt.Sprintf("the generator stood still for %.1f s: %d requests due in it were not sent, and latencies contain it: these are not to be trusted", s.StoodStill.Seconds(), s.Missed))
	}
	if 100*s.Dropped > s.Scheduled {
		warnings = append(warnings, fmt.Sprintf("%d of %d requests were not sent, as too many were in flight, and what they would have waited is in no latency: "+
			"these are not to be trusted; raise --max-in-flight, or lower the rate", s.Dropped, s.Scheduled))
	}
	return warnings
}

// statuses lists the responses by status: "200: 198, 503: 2".
func statuses(s loadgen.Stats) string {
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(s.ByStatus)) {
		parts = append(parts, fmt.Sprintf("%s: %d", status, s.ByStatus[status]))
	}
	return strings.Join(parts, ", ")
}

// reasons lists why requests got no response: "refused: 12, timeout: 3".
func reasons(s loadgen.Stats) string {
	var parts []string
	for _, reason := range loadgen.Reasons() {
		if n := s.ByError[string(reason)]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s: %d", reason, n))
		}
	}
	return strings.Join(parts, ", ")
}

// loadFailure is the error of a run in which no request succeeded. One that somebody ended before anything was answered did
// not fail.
func loadFailure(s loadgen.Stats, interrupted bool) error {
	if s.Sent == 0 || s.Latency.Count > 0 || interrupted && s.Completed == 0 {
		return nil
	}
	var why []string
	if line := reasons(s); line != "" {
		why = append(why, line)
	}
	if line := statuses(s); line != "" {
		why = append(why, "status "+line)
	}
	if s.Cancelled > 0 {
		why = append(why, fmt.Sprintf("unanswered at the end: %d", s.Cancelled))
	}
	return errors.New("no request succeeded (" + strings.Join(why, "; ") + ")")
}
