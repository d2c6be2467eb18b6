package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"slbtui/loadgen"
)

func loadCommand(g *globals) *cobra.Command {
	cfg := loadgen.Config{}
	asJSON := false
	cmd := &cobra.Command{
		Use:   "load",
		Short: "Send open-loop traffic to a URL and report what a client saw",
		Long: `Send requests at the given rate whatever the answers (an open loop), each timed from the moment it
was due, so that a slow server cannot hide behind a waiting client.`,
		Example: "slbtui load --url http://127.0.0.1:8080/ --rate 50 --duration 30s",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg.Seed, cfg.Duration = g.chosenSeed(), g.duration
			if cfg.URL == "" {
				return usageError{errors.New("--url is missing: where should the traffic go? For example --url http://127.0.0.1:8080/")}
			}
			if err := g.check(); err != nil {
				return err
			}
			gen, err := loadgen.New(cfg)
			if err != nil {
				return usageError{err}
			}
			ctx, stop := interruptible(cmd.Context())
			defer stop()
			return runLoad(ctx, cmd.OutOrStdout(), cmd.ErrOrStderr(), gen, cfg.Seed, asJSON)
		},
	}
	f := cmd.Flags()
	f.StringVar(&cfg.URL, "url", "", "target, such as http://127.0.0.1:8080/")
	f.Float64Var(&cfg.Rate, "rate", 50, "requests per second")
	f.StringVar(&cfg.Arrivals, "arrivals", "poisson", "poisson or constant")
	f.IntVar(&cfg.MaxInFlight, "max-in-flight", 1000, "requests due beyond it are dropped and counted")
	f.DurationVar(&cfg.Timeout, "timeout", 10*time.Second, "of one request")
	f.BoolVar(&asJSON, "json", false, "print the result as one JSON object")
	return cmd
}

func runLoad(ctx context.Context, out, progress io.Writer, gen *loadgen.Generator, seed uint64, asJSON bool) error {
	begun := time.Now()
	done := make(chan error, 1)
	go func() { done <- gen.Run(ctx) }()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				return err
			}
			return loadResult(out, gen.Stats(), seed, asJSON)
		case <-ticker.C:
			s := gen.Stats()
			_, _ = fmt.Fprintf(progress, "%4.0fs  sent %d  answered %d  failed %d  dropped %d  mean %.1f ms  p95 %.1f  p99 %.1f\n",
				time.Since(begun).Seconds(), s.Sent, s.Completed, s.Failed, s.Dropped, s.Latency.MeanMS, s.Latency.P95MS, s.Latency.P99MS)
		}
	}
}

func loadResult(w io.Writer, s loadgen.Stats, seed uint64, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(struct {
			Seed uint64 `json:"seed"`
			loadgen.Stats
		}{seed, s})
	}
	l := s.Latency
	_, err := fmt.Fprintf(w, `seed %d
requests  %d due, %d sent, %d answered, %d failed, %d dropped
latency   mean %.1f ms  p50 %.1f  p90 %.1f  p95 %.1f  p99 %.1f  p99.9 %.1f  min %.1f  max %.1f  std %.1f
generator sent late by %.2f ms at p99, %.2f at most
`, seed, s.Scheduled, s.Sent, s.Completed, s.Failed, s.Dropped,
		l.MeanMS, l.P50MS, l.P90MS, l.P95MS, l.P99MS, l.P999MS, l.MinMS, l.MaxMS, l.StdMS, s.LagP99MS, s.LagMaxMS)
	if err == nil && s.Lagging {
		_, err = fmt.Fprintln(w, "the generator lagged: these latencies are not to be trusted")
	}
	return err
}
