package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slbtui/engine/config"
	"slbtui/engine/fit"
	"slbtui/engine/fit/fitreport"
	"slbtui/engine/fit/logs"
	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

type fitFlags struct {
	format, formatString, pool, balancerOf string
	from, to                               string
	busiest, longest                       time.Duration
	keep                                   logs.Filter
	anonymous                              bool
	routedBy, discipline                   string
	timeout                                time.Duration
	rtt                                    float64
	policies                               []string
	seeds                                  int
	speed                                  float64
	without                                []string
	slots                                  []string
	json                                   bool
	out                                    string
	overwrite                              bool
	force                                  bool
}

// fitPolicies are compared unless others are asked for: what every balancer has, what is worth more, and what nobody
// could do better.
var fitPolicies = []string{"round_robin", "least_request", "p2c", "peak_ewma_full", "q_factored", simulate.SocialClairvoyant}

// disciplineAuto finds the servers' discipline out.
const disciplineAuto = "auto"

func fitCommand(g *globals) *cobra.Command {
	f := fitFlags{}
	cmd := &cobra.Command{
		Use:   "fit ACCESS_LOG...",
		Short: "Tell from a balancer's log what other policies would have made of the same requests",
		Long: `Read the access log of a load balancer, find out what its servers are like (service time, spread, how
many requests each serves at once, when it was slow, failing, stalled or out), check that a simulation of them
reproduces the log, and predict what other policies would have made of the same requests.

The log may be packed by gzip, in several files, or standard input (-). Formats: ` + strings.Join(logs.Names(), ", ") + `;
docs/fit.md has the two lines of configuration that make each balancer's log usable. Of the log are kept times, servers and outcomes: nothing of
clients, paths or headers. Trust is A (numbers), B (ranges: something is not known) or C (a check failed: nothing is predicted).`,
		Example: `slbtui fit access.log
slbtui fit access.log.1.gz access.log --busiest 10m
zcat lb*.gz | slbtui fit - --format haproxy --json
slbtui fit access.log --log-format @/etc/nginx/nginx.conf:timed
slbtui fit access.log --speed 1.5 --without app3
slbtui fit access.log --out fit
slbtui simulate --replay fit/fit.jsonl`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("which log? Give one file or more, or - for standard input")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := g.load()
			if err != nil {
				return err
			}
			return f.run(cmd, g, cfg, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", logs.Auto, "`NAME` of the format, or of its balancer; auto finds out")
	flags.StringVar(&f.formatString, "log-format", "", "the balancer's own format `STRING`: nginx's log_format, HAProxy's log-format, or @nginx.conf:NAME")
	flags.StringVar(&f.pool, "pool", "", "`NAME` of the backend, cluster or target group (default: the largest in the log)")
	flags.StringVar(&f.balancerOf, "balancer-of", "", "`NAME` of the balancer that wrote a file, made of {file} and {folder} (default: one, unless files are of the same time)")
	flags.StringVar(&f.from, "from", "", "`TIME` (UTC, 15:04, 15:04:05 or RFC 3339) before which requests are left out")
	flags.StringVar(&f.to, "to", "", "`TIME` from which on requests are left out")
	flags.DurationVar(&f.busiest, "busiest", 0, "only the busiest `TIME` of the log, such as 10m")
	flags.StringSliceVar(&f.keep.Paths, "path", nil, "only requests of paths that begin with one of `PATHS`")
	flags.StringSliceVar(&f.keep.Statuses, "status", nil, "only requests of `STATUSES` such as 200, 5xx or 200-299")
	flags.StringSliceVar(&f.keep.Methods, "method", nil, "only requests of `METHODS`")
	flags.DurationVar(&f.longest, "longest", 0, "leave out what took longer than `TIME`, such as streams (default: only what became something else)")
	flags.BoolVar(&f.anonymous, "anonymous", false, "call the servers server1, server2... in all that is written")
	flags.StringVar(&f.routedBy, "routed-by", "", "`POLICY` that routed (default: found out)")
	flags.DurationVar(&f.timeout, "timeout", 0, "patience `TIME` of the clients (default: the longest in the log, at most 1m)")
	flags.StringVar(&f.discipline, "discipline", disciplineAuto, "`HOW` the servers queue: auto finds out, slots, sharing")
	flags.Float64Var(&f.rtt, "rtt", 0, "`MS` of each response time that hold no slot, such as the way there and back (default: found out)")
	flags.StringSliceVar(&f.policies, "policies", nil, "`NAMES` of who is predicted (default: what balancers have, peak_ewma_full, q_factored and what nobody could do better)")
	flags.IntVar(&f.seeds, "seeds", fit.PointSeeds, "`NUMBER` of seeds of each prediction")
	flags.Float64Var(&f.speed, "speed", 1, "so many `TIMES` the traffic: the same requests, closer together")
	flags.StringSliceVar(&f.without, "without", nil, "`SERVERS` that would not have been there")
	flags.StringSliceVar(&f.slots, "slots", nil, "`SERVER=NUMBER,...` of requests that a server would have served at once")
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	flags.StringVar(&f.out, "out", "", "write the report and its plots, scenario.yaml and fit.jsonl, which simulate and experiment --replay take, into this `FOLDER`")
	flags.BoolVar(&f.overwrite, "overwrite", false, "let --out replace what a fit left there")
	flags.BoolVar(&f.force, "force", false, "predict although a check has failed")
	g.ignores(cmd, "duration", "learned")
	return cmd
}

func (f fitFlags) run(cmd *cobra.Command, g *globals, cfg config.Config, paths []string) error {
	opts := cfg.PolicyOptions()
	opts.Warn = onceEach(cmd.ErrOrStderr())
	if len(f.policies) == 0 {
		f.policies = fitPolicies
	}
	change, err := f.change()
	if err == nil {
		err = f.check(opts)
	}
	if err != nil {
		return usageError{err}
	}
	m, notes, err := f.model(cmd, paths)
	if err != nil {
		return usageError{err}
	}
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	check, err := m.Check(opts)
	if err != nil {
		return err
	}
	grade, reasons := m.Judge(check)
	var rows []fit.Prediction
	if grade != fit.C || f.force {
		plan := fit.Plan{Policies: f.policies, Options: opts, Seed: g.seed, Seeds: f.seeds, Change: change, Progress: progress(cmd.ErrOrStderr())}
		rows, err = m.Predict(ctx, plan)
		switch {
		case errors.Is(err, context.Canceled):
			return errors.New("stopped before the predictions were complete: nothing to report")
		case errors.Is(err, fit.ErrChange):
			return usageError{err}
		case err != nil:
			return err
		}
	}
	return f.print(cmd.OutOrStdout(), m, fitreport.New(m, check, grade, reasons, rows, append(notes, change.Words()...)))
}

// check refuses what no log can answer, before one is read.
func (f fitFlags) check(opts policy.Options) error {
	switch {
	case f.formatString != "" && f.format != logs.Auto:
		return errors.New("--format and --log-format both say what a line is: give one")
	case f.routedBy != "" && opts.Check(f.routedBy) != nil:
		return fmt.Errorf("--routed-by: %w", opts.Check(f.routedBy))
	case !slices.Contains([]string{disciplineAuto, string(fit.Slots), string(fit.Sharing)}, f.discipline):
		return fmt.Errorf("--discipline %q: must be auto, slots or sharing", f.discipline)
	case f.timeout < 0 || f.timeout > 10*time.Minute:
		return fmt.Errorf("--timeout %v: must be within 0-10m", f.timeout)
	case !(f.rtt >= 0 && f.rtt <= 10_000):
		return fmt.Errorf("--rtt %v: must be within 0-10000 ms", f.rtt)
	case f.longest < 0 || f.busiest < 0:
		return errors.New("--longest and --busiest: must not be negative")
	case f.seeds < 1 || f.seeds > 100:
		return fmt.Errorf("--seeds %d: must be 1-100", f.seeds)
	}
	if err := simulate.CheckPolicies(f.policies, opts); err != nil {
		return err
	}
	return f.checkOut()
}

// change reads what would have been otherwise.
func (f fitFlags) change() (fit.Change, error) {
	c := fit.Change{Speed: f.speed, Without: f.without, Slots: map[string]int{}}
	if !(f.speed >= 0.01 && f.speed <= 100) {
		return c, fmt.Errorf("--speed %v: must be within 0.01-100", f.speed)
	}
	for _, text := range f.slots {
		i := strings.LastIndexByte(text, '=')
		n, err := strconv.Atoi(text[i+1:])
		if i < 1 || err != nil {
			return c, fmt.Errorf("--slots %q: want SERVER=NUMBER, such as app1=8", text)
		}
		c.Slots[text[:i]] = n
	}
	return c, nil
}
