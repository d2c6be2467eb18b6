package cmd

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slbtui/cmd/failif"
	"slbtui/cmd/trust"
	"slbtui/loadgen"
)

type loadFlags struct {
	arrivals string
	paths    []string
	headers  []string
	body     string
	json     bool
	hgrm     bool
	trust    trust.Flags
	failIf   failif.Rules
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
slbtui load --url http://127.0.0.1:8080/ --duration 30s \
    --arrivals burst --paths /:10,/health:3
slbtui load --url http://127.0.0.1:8080/ --duration 30s \
    --method POST --body '{"x":1}' --header 'Content-Type: application/json'
slbtui load --url http://127.0.0.1:8080/ --duration 30s \
    --closed 20 --think 1s --hgrm > latency.hgrm
slbtui load --url https://10.0.0.5/ --ca ca.pem --duration 30s \
    --fail-if 'p99>200ms' --fail-if 'errors>0.1%'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg.Seed, cfg.Duration = g.chosenSeed(), g.duration
			if cfg.URL == "" {
				return usageError{errors.New("--url is missing: where should the traffic go? For example --url http://127.0.0.1:8080/")}
			}
			if err := g.check(); err != nil {
				return err
			}
			if err := f.check(cmd.Flags().Changed, cfg); err != nil {
				return usageError{err}
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
			s := gen.Stats()
			err = f.print(cmd, gen, s, cfg.Seed)
			return errors.Join(err, f.failIf.Judge(cmd.ErrOrStderr(), failif.OfLoad(s)), loadFailure(s, ctx.Err() != nil))
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&cfg.URL, "url", "", "target `URL`, such as http://127.0.0.1:8080/ or https://name:password@host/")
	flags.Float64Var(&cfg.Rate, "rate", 50, "`RATE` in requests per second")
	flags.StringVar(&f.arrivals, "arrivals", "poisson", "`KIND` of arrivals: "+loadgen.Named)
	flags.StringSliceVar(&f.paths, "paths", nil, "`PATH:WEIGHT,...` instead of the URL's own path, drawn by weight")
	flags.StringVar(&cfg.Method, "method", "GET", "HTTP `METHOD`")
	flags.StringVar(&f.body, "body", "", "`BODY` of each request; @FILE reads it from a file")
	flags.StringArrayVar(&f.headers, "header", nil, "`NAME: VALUE` of each request; repeatable")
	flags.IntVar(&cfg.Users, "closed", 0, "a closed loop of so many `USERS`, instead of a rate")
	flags.DurationVar(&cfg.Think, "think", 0, "`TIME` that each user of a closed loop waits after an answer")
	flags.IntVar(&cfg.MaxInFlight, "max-in-flight", 1000, "`NUMBER` of requests under way, 1 or more; those due beyond it are dropped and counted")
	flags.DurationVar(&cfg.Timeout, "timeout", 10*time.Second, "`TIME` that one request may take, above 0")
	f.trust.Add(cmd, "--url")
	f.failIf.Flag(cmd)
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	flags.BoolVar(&f.hgrm, "hgrm", false, "print the latencies as an HdrHistogram percentile table")
	cmd.MarkFlagsMutuallyExclusive("json", "hgrm")
	for _, ofTheOpenLoop := range []string{"rate", "arrivals", "max-in-flight"} {
		cmd.MarkFlagsMutuallyExclusive("closed", ofTheOpenLoop)
	}
	g.ignores(cmd, "config", "learned")
	return cmd
}

// check refuses values that stand for a default elsewhere, and what would have no effect.
func (f loadFlags) check(given func(flag string) bool, cfg loadgen.Config) error {
	switch {
	case cfg.Users == 0 && cfg.Rate <= 0:
		return fmt.Errorf("--rate %v: must be above 0: nothing would be sent", cfg.Rate)
	case cfg.Timeout <= 0:
		return fmt.Errorf("--timeout %v: must be above 0: a request that may take for ever is never counted", cfg.Timeout)
	case given("max-in-flight") && cfg.MaxInFlight < 1:
		return fmt.Errorf("--max-in-flight %d: must be 1 or more: at 0 nothing could be sent", cfg.MaxInFlight)
	case given("closed") && cfg.Users == 0:
		return errors.New("--closed 0: must be 1 or more: nobody sends nothing; leave it out for an open loop")
	case given("think") && !given("closed"):
		return errors.New("--think: only the users of a closed loop think; give --closed USERS, too")
	}
	return f.failIf.Check(nil)
}

// apply turns the flags that are not a field as they stand into fields.
func (f loadFlags) apply(cfg *loadgen.Config) (err error) {
	if cfg.TLS, err = f.trust.Config(cfg.URL); err != nil {
		return err
	}
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
		if strings.ContainsFunc(name, notInName) || strings.ContainsFunc(value, notInValue) {
			return fmt.Errorf("--header %q: HTTP allows no such character in it", h)
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

// notInName tells the characters that no name of a header has: it is a token (RFC 9110, 5.6.2).
func notInName(c rune) bool {
	return c <= ' ' || c >= 0x7f || strings.ContainsRune("\"(),/:;<=>?@[\\]{}", c)
}

// notInValue tells the control characters that no value of a header has; a tab is none of them.
func notInValue(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }

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
