package cmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slbtui/loadgen"
)

type loadFlags struct {
	arrivals string
	paths    []string
	headers  []string
	body     string
	json     bool
	hgrm     bool
}

func loadCommand(g *globals) *cobra.Command {
	cfg, f := loadgen.Config{}, loadFlags{}
	cmd := &cobra.Command{
		Use:   "load",
		Short: "Send traffic to a URL and report what a client saw",
		Long: `Send requests at the given rate whatever the answers (an open loop), each timed from the moment it
was due, so that a slow server cannot hide behind a waiting client. With --closed the requests come
from a number of users who wait for their answers instead.`,
		Example: `slbtui load --url http://127.0.0.1:8080/ --rate 50 --duration 30s
slbtui load --url http://127.0.0.1:8080/ --arrivals burst --paths /:10,/health:3
slbtui load --url http://127.0.0.1:8080/ --method POST --body '{"x":1}' --header 'Content-Type: application/json'
slbtui load --url http://127.0.0.1:8080/ --closed 20 --think 1s --hgrm > latency.hgrm`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg.Seed, cfg.Duration = g.chosenSeed(), g.duration
			if cfg.URL == "" {
				return usageError{errors.New("--url is missing: where should the traffic go? For example --url http://127.0.0.1:8080/")}
			}
			if err := g.check(); err != nil {
				return err
			}
			if err := f.apply(&cfg); err != nil {
				return usageError{err}
			}
			gen, err := loadgen.New(cfg)
			if err != nil {
				return usageError{err}
			}
			ctx, stop := interruptible(cmd.Context())
			defer stop()
			if err := runLoad(ctx, cmd.ErrOrStderr(), gen); err != nil {
				return err
			}
			if f.hgrm {
				return gen.WritePercentiles(cmd.OutOrStdout())
			}
			return loadResult(cmd.OutOrStdout(), gen, cfg.Seed, f.json)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&cfg.URL, "url", "", "target, such as http://127.0.0.1:8080/")
	flags.Float64Var(&cfg.Rate, "rate", 50, "requests per second")
	flags.StringVar(&f.arrivals, "arrivals", "poisson", "how they come: "+loadgen.Named)
	flags.StringSliceVar(&f.paths, "paths", nil, "`PATH:WEIGHT,...` instead of the URL's own path, drawn by weight")
	flags.StringVar(&cfg.Method, "method", "GET", "HTTP method")
	flags.StringVar(&f.body, "body", "", "body of each request; @FILE reads it from a file")
	flags.StringArrayVar(&f.headers, "header", nil, "`NAME: VALUE` of each request; repeatable")
	flags.IntVar(&cfg.Users, "closed", 0, "a closed loop of so many users, instead of a rate")
	flags.DurationVar(&cfg.Think, "think", 0, "how long each user of a closed loop waits after an answer")
	flags.IntVar(&cfg.MaxInFlight, "max-in-flight", 1000, "requests due beyond it are dropped and counted")
	flags.DurationVar(&cfg.Timeout, "timeout", 10*time.Second, "of one request")
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	flags.BoolVar(&f.hgrm, "hgrm", false, "print the latencies as an HdrHistogram percentile table")
	cmd.MarkFlagsMutuallyExclusive("json", "hgrm")
	cmd.MarkFlagsMutuallyExclusive("closed", "rate")
	cmd.MarkFlagsMutuallyExclusive("closed", "arrivals")
	return cmd
}

// apply turns the flags that are not a field as they stand into fields.
func (f loadFlags) apply(cfg *loadgen.Config) (err error) {
	if cfg.Arrivals, cfg.Shape, err = loadgen.ByName(f.arrivals, cfg.Duration); err != nil {
		return fmt.Errorf("--%w", err)
	}
	if cfg.Paths, err = parsePaths(f.paths); err != nil {
		return err
	}
	cfg.Header = http.Header{}
	for _, h := range f.headers {
		name, value, ok := strings.Cut(h, ":")
		if name = strings.TrimSpace(name); !ok || name == "" || strings.ContainsAny(h, "\r\n") {
			return fmt.Errorf("--header %q: want NAME: VALUE", h)
		}
		cfg.Header.Add(name, strings.TrimSpace(value))
	}
	cfg.Body = []byte(f.body)
	if path, file := strings.CutPrefix(f.body, "@"); file {
		if cfg.Body, err = os.ReadFile(path); err != nil {
			return fmt.Errorf("--body: %w", err)
		}
	}
	return nil
}

// parsePaths reads "/:10" and "/health:3"; without a weight it is 1.
func parsePaths(texts []string) ([]loadgen.Path, error) {
	var paths []loadgen.Path
	for _, text := range texts {
		p := loadgen.Path{Path: text, Weight: 1}
		if i := strings.LastIndexByte(text, ':'); i >= 0 {
			weight, err := strconv.ParseFloat(text[i+1:], 64)
			if err != nil {
				return nil, fmt.Errorf("--paths %q: %q is not a weight; want PATH:WEIGHT, such as /health:3", text, text[i+1:])
			}
			p = loadgen.Path{Path: text[:i], Weight: weight}
		}
		if !strings.HasPrefix(p.Path, "/") {
			return nil, fmt.Errorf("--paths %q: a path begins with /", text)
		}
		paths = append(paths, p)
	}
	return paths, nil
}

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
			_, _ = fmt.Fprintf(progress, "%4.0fs  sent %d  answered %d  failed %d  dropped %d  mean %.1f ms  p95 %.1f  p99 %.1f\n",
				time.Since(begun).Seconds(), s.Sent, s.Completed, s.Failed, s.Dropped, s.Latency.MeanMS, s.Latency.P95MS, s.Latency.P99MS)
		}
	}
}

// loadVersion is that of the names in a loadOutput. New names leave it.
const loadVersion = 1

// loadOutput is what --json prints.
type loadOutput struct {
	Version int    `json:"version"`
	Seed    uint64 `json:"seed"`
	loadgen.Stats
}

func loadResult(w io.Writer, gen *loadgen.Generator, seed uint64, asJSON bool) error {
	s := gen.Stats()
	if asJSON {
		return json.NewEncoder(w).Encode(loadOutput{loadVersion, seed, s})
	}
	l := s.Latency
	_, err := fmt.Fprintf(w, `seed %d
requests  %d due, %d sent, %d answered, %d failed, %d dropped
latency   mean %.1f ms  p50 %.1f  p90 %.1f  p95 %.1f  p99 %.1f  p99.9 %.1f  min %.1f  max %.1f  std %.1f
generator sent late by %.2f ms at p99, %.2f at most
`, seed, s.Scheduled, s.Sent, s.Completed, s.Failed, s.Dropped,
		l.MeanMS, l.P50MS, l.P90MS, l.P95MS, l.P99MS, l.P999MS, l.MinMS, l.MaxMS, l.StdMS, s.LagP99MS, s.LagMaxMS)
	if err == nil && 100*s.Late > s.Sent {
		_, err = fmt.Fprintln(w, "the generator sent more than one request in a hundred over 20 ms late: these latencies are not to be trusted")
	}
	return err
}
