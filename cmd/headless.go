package cmd

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/printable"
)

// printLines writes one line a second until ctx has ended.
func printLines(ctx context.Context, w io.Writer, e live.Engine) error {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	var shown uint64
	first := true
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		s := e.Snapshot()
		if s == nil {
			continue
		}
		if first && s.Steering == nil { // where somebody else's balancer is steered, the first event says which
			if _, err := fmt.Fprintf(w, "seed %d, proxy on http://%s, %d servers\n", s.Seed, s.Listen, len(s.Servers)); err != nil {
				return err
			}
		}
		first = false
		for _, ev := range s.Events {
			if ev.Number > shown {
				shown = ev.Number
				if _, err := fmt.Fprintf(w, "%6.1fs  %s: %s\n", ev.At.Seconds(), ev.Kind, printable.Line(ev.Text)); err != nil {
					return err
				}
			}
		}
		if _, err := fmt.Fprintln(w, line(s)); err != nil {
			return err
		}
	}
}

// line is one second of a run in words.
func line(s *live.Snapshot) string {
	shares := make([]string, 0, len(s.Servers))
	for _, srv := range s.Servers {
		shares = append(shares, fmt.Sprintf("%s %.0f%%", srv.ID, 100*srv.Share))
	}
	ms := measured(s.Now.Requests > s.Now.Failures)
	return fmt.Sprintf("%6.1fs  %-14s %7.1f req/s  mean %7s ms  p95 %7s  p99 %7s  errors %.2f%%  %s",
		s.At.Seconds(), s.Policy, s.Load.Served, ms(s.Now.MeanMS), ms(s.Now.P95MS), ms(s.Now.P99MS), 100*(1-s.Now.SuccessRate), strings.Join(shares, " "))
}
