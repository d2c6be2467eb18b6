package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/engine/report"
	"slbtui/engine/summary"
	"slbtui/tui"
)

const (
	uiDeadline    = 2 * time.Second  // a terminal that no longer reads must not keep the report from being written
	stopDeadline  = 10 * time.Second // load, proxy and servers drain within it
	printDeadline = time.Second
)

type consoleFlags struct {
	noTUI    bool
	phases   string
	export   string
	noExport bool
	symbols  string
	theme    string
	noMouse  bool
	readOnly bool
	plain    bool
	interval time.Duration

	noPreferences bool

	failIf failIf
}

func consoleCommand(g *globals) *cobra.Command {
	var f consoleFlags
	cmd := &cobra.Command{
		Use:   "slbtui",
		Short: "A smart load balancer in a terminal: watch round robin and reinforcement learning route the same traffic",
		Example: `slbtui                           # the console
slbtui --plain --interval 10s    # the same as lines, for screen readers
slbtui --no-tui --phases round_robin:15s,q_learning:15s --seed 1
slbtui --no-tui --duration 30s --fail-if 'p99>500ms'
slbtui serve --upstream 127.0.0.1:9001 --upstream 127.0.0.1:9002`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := g.load()
			if err != nil {
				return err
			}
			return runEngine(cmd, g, cfg, f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.noTUI, "no-tui", false, "run without the console, one line a second (automatic without a terminal)")
	flags.StringVar(&f.phases, "phases", "", "`PHASES`, policies one after another, such as round_robin:10s,q_learning:10s; then end")
	flags.StringVar(&f.export, "export", "", "`FOLDER` for run summaries (default: export.dir of the configuration)")
	flags.BoolVar(&f.noExport, "no-export", false, "write no run summary")
	flags.StringVar(&f.symbols, "symbols", "braille", "`SYMBOLS` that charts are drawn with: braille, block or ascii")
	flags.StringVar(&f.theme, "theme", "", "`THEME`: dark, light, contrast, colourblind or ansi (default: as the terminal's background)")
	flags.BoolVar(&f.noMouse, "no-mouse", false, "leave the mouse to the terminal")
	flags.BoolVar(&f.readOnly, "read-only", false, "let the console show everything and change nothing")
	flags.BoolVar(&f.plain, "plain", false, "the console as lines of plain text, for screen readers; commands are typed as lines")
	flags.DurationVar(&f.interval, "interval", tui.DefaultInterval, "`TIME` between two lines of --plain, such as 2s")
	flags.BoolVar(&f.noPreferences, "no-preferences", false, "neither read nor keep what the console remembers: theme, symbols, mouse, window, table")
	f.failIf.flag(cmd)
	cmd.MarkFlagsMutuallyExclusive("export", "no-export")
	cmd.MarkFlagsMutuallyExclusive("no-tui", "read-only")
	cmd.MarkFlagsMutuallyExclusive("no-tui", "plain")
	return cmd
}

// runEngine runs the whole system once, in the console or without, and leaves a summary behind on
// every way out.
func runEngine(cmd *cobra.Command, g *globals, cfg config.Config, f consoleFlags) error {
	if err := f.check(); err != nil {
		return usageError{err}
	}
	plan, err := parsePhases(f.phases)
	if err != nil {
		return usageError{err}
	}
	shown, why := f.face(term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd()), os.Getenv("TERM"))
	if err := f.fits(shown, cmd.Flags().Changed); err != nil {
		return usageError{err}
	}
	if err := f.failIf.check(routing(plan, cfg)); err != nil {
		return usageError{err}
	}
	if f.export != "" {
		cfg.Export.Dir = f.export
	}
	opts := engine.Options{Seed: g.chosenSeed(), Duration: g.duration, Plan: plan, Learned: g.learned, Version: version()}
	if !f.noExport {
		opts.Export = func(r summary.Run) (string, error) { return report.WriteRun(cfg.Export.Dir, time.Now(), r) }
	}
	e, err := engine.New(cfg, opts)
	if err != nil {
		return usageError{err}
	}
	if !f.noExport {
		if err := report.CheckFolder(cfg.Export.Dir); err != nil {
			return usageError{err}
		}
	}
	if err := e.Listen(); err != nil {
		return err
	}
	if _, err := attach(e, cfg, nil); err != nil {
		return err
	}
	if why != "" {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), why)
	}
	signal.Ignore(syscall.SIGPIPE) // whoever reads our lines may leave before us: the summary is still to be written
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ran := make(chan error, 1)
	go func() {
		ran <- e.Run(ctx)
		cancel() // a run that ends by itself takes the screen with it
	}()
	unstick := unsticker(os.Stdout)
	var screenErr error
	switch shown {
	case faceHeadless:
		screenErr = within(ctx, uiDeadline, unstick, func() error { return printLines(ctx, cmd.OutOrStdout(), e) })
	case facePlain:
		screenErr = within(ctx, uiDeadline, unstick, func() error {
			return tui.Plain(ctx, e, cmd.InOrStdin(), cmd.OutOrStdout(), tui.PlainOptions{
				Interval: f.interval, ReadOnly: f.readOnly, EndWithInput: term.IsTerminal(os.Stdin.Fd()),
			})
		})
	case faceConsole:
		looks, save := f.looks(cmd)
		screenErr = within(ctx, uiDeadline, unstick, func() error { return tui.Run(ctx, e, looks) })
		save()
	}
	if errors.Is(screenErr, syscall.EPIPE) {
		screenErr = nil
	}
	cancel()
	stop() // from here on another ctrl+c kills
	var runErr error
	select {
	case runErr = <-ran:
	case <-time.After(stopDeadline):
		runErr = fmt.Errorf("the engine did not stop within %v", stopDeadline)
	}
	summary := e.Summary()
	err = errors.Join(screenErr, runErr, leave(cmd, summary, opts))
	if shown == faceHeadless {
		err = errors.Join(err, f.failIf.judge(cmd.ErrOrStderr(), ofRun(summary)), runFailure(summary))
	}
	return err
}

// routing lists who will route, as far as is known beforehand.
func routing(plan []engine.PlannedPhase, cfg config.Config) []string {
	if len(plan) == 0 {
		return []string{cfg.LoadBalancer.Policy}
	}
	var names []string
	for _, phase := range plan {
		if !slices.Contains(names, phase.Policy) {
			names = append(names, phase.Policy)
		}
	}
	return names
}

// runFailure is the error of a run in which no request succeeded.
func runFailure(r summary.Run) error {
	ended := uint64(0)
	for _, p := range r.Policies {
		ended += p.Summary.Requests
		if p.Summary.Requests > p.Summary.Failures {
			return nil
		}
	}
	if ended == 0 {
		return nil // it was ended before anything could be answered, or nobody asked
	}
	return fmt.Errorf("no request succeeded: all %d failed", ended)
}

// leave writes the summary, then prints the digest, whatever became of the files: the numbers must not be lost twice. Both
// have deadlines, the first for each file: the disk or the terminal may be gone.
func leave(cmd *cobra.Command, summary summary.Run, opts engine.Options) error {
	var folder string
	var exportErr error
	if opts.Export != nil {
		if folder, exportErr = opts.Export(summary); exportErr != nil {
			folder = "" // it is not whole
		}
	}
	printed := make(chan struct{})
	go func() {
		defer close(printed)
		_ = report.Digest(cmd.OutOrStdout(), summary, folder) // a terminal that is gone is no failure of the run
	}()
	select {
	case <-printed:
	case <-time.After(printDeadline):
	}
	return exportErr
}

// within runs f; once ctx has ended f has at most the deadline left, then a little more with the help of
// unstick, then it is abandoned.
func within(ctx context.Context, deadline time.Duration, unstick func(), f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(deadline):
	}
	for range 10 {
		unstick()
		select {
		case err := <-done:
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

// parsePhases reads "round_robin:10s,q_learning:10s".
func parsePhases(s string) ([]engine.PlannedPhase, error) {
	if s == "" {
		return nil, nil
	}
	var plan []engine.PlannedPhase
	for part := range strings.SplitSeq(s, ",") {
		name, length, ok := strings.Cut(strings.TrimSpace(part), ":")
		d, err := time.ParseDuration(length)
		if !ok || err != nil || d <= 0 {
			return nil, fmt.Errorf("--phases %q: want POLICY:DURATION, such as round_robin:10s", part)
		}
		plan = append(plan, engine.PlannedPhase{Policy: name, For: d})
	}
	return plan, nil
}
