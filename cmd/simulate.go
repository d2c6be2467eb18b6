package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"slbtui/cmd/failif"
	"slbtui/engine/comparison"
	"slbtui/engine/config"
	"slbtui/engine/simreport"
	"slbtui/engine/simulate"
)

type simulateFlags struct {
	scenarios []string
	files     []string
	policies  []string
	seeds     int
	json      bool
	out       string
	baseline  string
	list      bool
	replay    string
	overwrite bool
	failIf    failif.Rules
}

func simulateCommand(g *globals) *cobra.Command {
	f := simulateFlags{}
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Compare policies in virtual time: the same policy code, the same traces, many seeds, in seconds",
		Long: `Run policies against scenarios in virtual time. Every policy meets the same requests: arrival, size and
luck belong to the request. Numbers are means over the seeds with 95 % bootstrap intervals;
on a terminal they are a ranking, elsewhere a report in Markdown. Two references know the truth: greedy_clairvoyant and social_clairvoyant.`,
		Example: `slbtui simulate --scenario slow5x
slbtui simulate --scenario steady60,burst --policies p2c,q_factored --json
slbtui simulate --scenario random:1-50 --policies peak_ewma_full,q_factored
slbtui simulate --scenario all --seeds 5 --out results
slbtui simulate --scenario slow5x --fail-if 'q_factored:p99>400ms'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.list {
				return listScenarios(cmd.OutOrStdout())
			}
			cfg, err := g.load()
			if err != nil {
				return err
			}
			plan, err := f.plan(g, cfg)
			if err == nil {
				err = f.check(plan)
			}
			if err != nil {
				return usageError{err}
			}
			return runSimulation(cmd, plan, f)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.scenarios, "scenario", []string{"steady60"}, "`NAMES`, or all; random:SEED or random:1-50 draws them, wild:SEED those of the world outside")
	flags.StringArrayVar(&f.files, "scenario-file", nil, "a scenario of your own as YAML `FILE`; repeatable")
	flags.StringSliceVar(&f.policies, "policies", nil, "`NAMES` of who is compared (default: all)")
	flags.IntVar(&f.seeds, "seeds", 20, "`NUMBER` of seeds: 1..NUMBER, or from --seed on")
	flags.StringVar(&f.baseline, "baseline", "", "`POLICY` that the others are paired with (default: the best classical one)")
	flags.BoolVar(&f.json, "json", false, "one JSON object a line, for each scenario and policy")
	flags.StringVar(&f.out, "out", "", "write the report and its plots into this `FOLDER`")
	flags.StringVar(&f.replay, "replay", "", "send what slbtui experiment --record kept in `FILE`")
	flags.BoolVar(&f.overwrite, "overwrite", false, "let --out replace a report that is there already")
	f.failIf.Flag(cmd)
	cmd.MarkFlagsMutuallyExclusive("json", "out")
	cmd.MarkFlagsMutuallyExclusive("replay", "scenario")
	cmd.MarkFlagsMutuallyExclusive("replay", "scenario-file")
	cmd.MarkFlagsMutuallyExclusive("replay", "seeds")
	flags.DurationVar(&g.duration, "duration", 0, "`TIME` of each run, such as 30s; 0 takes the scenario's")
	flags.BoolVar(&f.list, "list", false, "list the built-in scenarios")
	g.ignores(cmd, "learned")
	return cmd
}

// check refuses rules about nobody, and to replace a report that nobody said is to be replaced.
func (f simulateFlags) check(plan comparison.Plan) error {
	if f.overwrite && f.out == "" {
		return errors.New("--overwrite: there is nothing to replace; give --out, too")
	}
	if f.out != "" && !f.overwrite && simreport.Exists(f.out) {
		return fmt.Errorf("--out %s: there is a report, or another README.md, in it already; add --overwrite to replace it, or choose another folder", f.out)
	}
	var names []string
	for _, sc := range plan.Scenarios {
		for _, policy := range plan.Policies {
			names = append(names, failif.NamesOf(sc.Name, policy)...)
		}
	}
	slices.Sort(names)
	return f.failIf.Check(slices.Compact(names))
}

func listScenarios(w io.Writer) error {
	for _, sc := range simulate.Scenarios() {
		if _, err := fmt.Fprintf(w, "%-14s %s\n", sc.Name, sc.About); err != nil {
			return err
		}
	}
	for _, drawn := range [][2]string{
		{"random:SEED", "drawn from a seed; random:1-50 draws fifty"},
		{"wild:SEED", "the same with streams, refusals, classes, heavy tails, restarts, many balancers; wild:1-50 draws fifty"},
	} {
		if _, err := fmt.Fprintf(w, "%-14s %s\n", drawn[0], drawn[1]); err != nil {
			return err
		}
	}
	return nil
}

// plan turns the flags into what is to be compared.
func (f simulateFlags) plan(g *globals, cfg config.Config) (comparison.Plan, error) {
	plan := comparison.Plan{Policies: f.policies, Baseline: f.baseline, Options: cfg.PolicyOptions()}
	if len(plan.Policies) == 0 {
		plan.Policies = simulate.Policies(plan.Options)
	}
	if err := simulate.CheckPolicies(plan.Policies, plan.Options); err != nil {
		return plan, err
	}
	if f.replay != "" {
		if g.duration != 0 {
			return plan, errors.New("--duration: a replay is as long as what was recorded")
		}
		if g.seed != 0 {
			return plan, errors.New("--seed: a replay has those of what was recorded")
		}
		recording, err := readRecording(f.replay)
		if err != nil {
			return plan, err
		}
		replay := recording.Simulation(plan.Policies, plan.Options)
		replay.Baseline = f.baseline
		return replay, nil
	}
	if f.seeds < 1 || f.seeds > 10_000 {
		return plan, fmt.Errorf("--seeds %d: must be 1-10000", f.seeds)
	}
	plan.Seeds = comparison.SeedRange(max(1, g.seed), f.seeds)
	var err error
	if plan.Scenarios, err = f.worlds(); err != nil {
		return plan, err
	}
	if g.duration > 0 {
		for i := range plan.Scenarios {
			plan.Scenarios[i].Duration = g.duration
		}
	}
	return plan, nil
}

// worlds are the scenarios asked for.
func (f simulateFlags) worlds() ([]simulate.Scenario, error) {
	var worlds []simulate.Scenario
	for _, path := range f.files {
		source, err := config.ReadSource(path)
		if err != nil {
			return nil, err
		}
		sc, err := simulate.ParseScenario(path, source.Data)
		if err != nil {
			return nil, err
		}
		worlds = append(worlds, sc)
	}
	if len(f.files) > 0 && len(f.scenarios) == 1 && f.scenarios[0] == "steady60" {
		return worlds, nil // a file alone replaces the default scenario
	}
	for _, name := range f.scenarios {
		more, err := scenariosNamed(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		worlds = append(worlds, more...)
	}
	return worlds, nil
}

// scenariosNamed knows "all", and every name simulate.LookupRange knows.
func scenariosNamed(name string) ([]simulate.Scenario, error) {
	if name == "all" {
		return simulate.Scenarios(), nil
	}
	return simulate.LookupRange(name)
}

func runSimulation(cmd *cobra.Command, plan comparison.Plan, f simulateFlags) error {
	if f.out != "" {
		if err := os.MkdirAll(f.out, 0o755); err != nil {
			return usageError{fmt.Errorf("--out %s: %w", f.out, err)}
		}
	}
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	plan.Options.Warn = onceEach(cmd.ErrOrStderr())
	report, err := comparison.Compare(ctx, plan, progress(cmd.ErrOrStderr()))
	switch {
	case errors.Is(err, context.Canceled):
		err = errors.New("stopped before the comparison was complete: nothing to report")
	case err == nil:
		err = f.print(cmd.OutOrStdout(), report)
	}
	return errors.Join(err, f.failIf.Judge(cmd.ErrOrStderr(), failif.OfSimulation(report)))
}

// print writes the report where and how it was asked for.
func (f simulateFlags) print(w io.Writer, report comparison.Report) error {
	switch {
	case f.out != "":
		files, err := simreport.Write(f.out, report)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%d files in %s\n", len(files), f.out)
		return err
	case f.json:
		return printJSON(w, func(w io.Writer) error { return comparison.WriteJSON(w, report) })
	case isTerminal(w):
		return comparison.WriteRanking(w, report)
	}
	return comparison.WriteMarkdown(w, report)
}

// onceEach says the first thing that each policy finds wrong with itself: every run has policies of its own.
func onceEach(w io.Writer) func(policy, text string) {
	var said sync.Map
	return func(policy, text string) {
		if _, before := said.LoadOrStore(policy, true); !before {
			_, _ = fmt.Fprintf(w, "%s: %s\n", policy, text) // nowhere to complain
		}
	}
}

// isTerminal tells whether somebody looks at what is written to w.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(file.Fd())
}

// progress draws a bar with the time left, where there is a terminal to draw on.
func progress(w io.Writer) func(done, total int) {
	if !isTerminal(w) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("simulating"),
				progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionClearOnFinish())
		}
		_ = bar.Set(done) // a bar that cannot be drawn is no failure
	}
}
