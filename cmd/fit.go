package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slbtui/engine/config"
	"slbtui/engine/fit"
	"slbtui/engine/fit/fitreport"
	"slbtui/engine/fit/logs"
	"slbtui/engine/simulate"
)

type fitFlags struct {
	format, pool string
	from, to     string
	busiest      time.Duration
	policies     []string
	speed        float64
	without      []string
	slots        []string
	json         bool
	out          string
	overwrite    bool
	force        bool
}

// fitPolicies are compared unless others are asked for: what every balancer has, and what is worth more.
var fitPolicies = []string{"round_robin", "least_request", "p2c", "peak_ewma_full", "q_factored"}

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
	flags.StringVar(&f.format, "format", "", "`NAME` of the format (default: found out)")
	flags.StringVar(&f.pool, "pool", "", "`NAME` of the backend, cluster or target group (default: the largest in the log)")
	flags.StringVar(&f.from, "from", "", "`TIME` (UTC, 15:04, 15:04:05 or RFC 3339) before which requests are left out")
	flags.StringVar(&f.to, "to", "", "`TIME` from which on requests are left out")
	flags.DurationVar(&f.busiest, "busiest", 0, "only the busiest `TIME` of the log, such as 10m")
	flags.StringSliceVar(&f.policies, "policies", fitPolicies, "`NAMES` of who is predicted")
	flags.Float64Var(&f.speed, "speed", 1, "so many `TIMES` the traffic: the same requests, closer together")
	flags.StringSliceVar(&f.without, "without", nil, "`SERVERS` that would not have been there")
	flags.StringSliceVar(&f.slots, "slots", nil, "`SERVER=NUMBER,...` of requests that a server would have served at once")
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	flags.StringVar(&f.out, "out", "", "write the report, scenario.yaml and fit.jsonl, which simulate and experiment --replay take, into this `FOLDER`")
	flags.BoolVar(&f.overwrite, "overwrite", false, "let --out replace what a fit left there")
	flags.BoolVar(&f.force, "force", false, "predict although a check has failed")
	g.ignores(cmd, "duration", "learned")
	return cmd
}

func (f fitFlags) run(cmd *cobra.Command, g *globals, cfg config.Config, paths []string) error {
	opts := cfg.PolicyOptions()
	opts.Warn = onceEach(cmd.ErrOrStderr())
	change, err := f.change()
	if err == nil {
		err = simulate.CheckPolicies(f.policies, opts)
	}
	if err == nil {
		err = f.checkOut()
	}
	if err != nil {
		return usageError{err}
	}
	m, notes, err := f.model(cmd.InOrStdin(), paths)
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
		plan := fit.Plan{Policies: f.policies, Options: opts, Seed: g.seed, Change: change, Progress: progress(cmd.ErrOrStderr())}
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

// model reads the log, leaves out what was not asked for, and fits the rest. Notes say what was done to it.
func (f fitFlags) model(stdin io.Reader, paths []string) (*fit.Model, []string, error) {
	l, err := f.read(stdin, paths)
	if err != nil {
		return nil, nil, err
	}
	notes := notesOf(l)
	all := len(l.Requests)
	from, err1 := moment("--from", f.from, l)
	to, err2 := moment("--to", f.to, l)
	if err := errors.Join(err1, err2); err != nil {
		return nil, nil, err
	}
	l, late := l.WithoutEnd()
	if late > 0 {
		notes = append(notes, fmt.Sprintf("the last %d requests are left out: others of their time may not have ended when the log did", late))
	}
	l = l.Between(from, to).Busiest(f.busiest, fit.MostFitted)
	if len(l.Requests) == 0 {
		return nil, nil, fmt.Errorf("none of the %d requests of the log is of that time", all)
	}
	if n := len(l.Requests); n+late < all {
		notes = append(notes, fmt.Sprintf("of its %d requests these are the %d asked for, or the busiest", all, n))
	}
	m, err := fit.Fit(l)
	return m, notes, err
}

func (f fitFlags) read(stdin io.Reader, paths []string) (*fit.Log, error) {
	var files []logs.File
	for _, path := range paths {
		if path == "-" {
			files = append(files, logs.File{Name: "standard input", Reader: stdin})
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }() // it was only read
		files = append(files, logs.File{Name: path, Reader: file})
	}
	return logs.Read(files, logs.Options{Format: f.format, Pool: f.pool})
}

// notesOf says what of a log is not in its requests.
func notesOf(l *fit.Log) (notes []string) {
	say := func(n int, format string, args ...any) {
		if n > 0 {
			notes = append(notes, fmt.Sprintf(format, args...))
		}
	}
	say(l.NotUnderstood, "%d lines are not understood, the first is %s", l.NotUnderstood, l.FirstProblem)
	say(l.Unserved, "%d requests were given to no server", l.Unserved)
	say(l.Upgraded, "%d connections that became something else (websockets) are left out", l.Upgraded)
	say(len(l.OtherPools), "other pools in the log: %s (--pool)", strings.Join(l.OtherPools, ", "))
	return notes
}

// moment reads a time; one without a day is of the log's first.
func moment(flag, text string, l *fit.Log) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	for _, layout := range []string{time.TimeOnly, "15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			day := time.Unix(0, int64(l.Requests[0].Start)).UTC().Truncate(24 * time.Hour)
			return day.Add(t.Sub(t.Truncate(24 * time.Hour))), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s %q: want a time such as 09:30, 09:30:15 or 2026-11-27T09:30:00Z", flag, text)
}
