package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"slbtui/cmd/failif"
	"slbtui/cmd/terminal"
	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/engine/report"
	"slbtui/engine/summary"
	"slbtui/tui"
	"slbtui/tui/cast"
	"slbtui/tui/plain"
)

const (
	uiDeadline    = 2 * time.Second  // a terminal that no longer reads must not keep the report from being written
	stopDeadline  = 10 * time.Second // load, proxy and servers drain within it
	printDeadline = time.Second
)

// session is one run of the whole system, in the console or without.
type session struct {
	cmd    *cobra.Command
	flags  consoleFlags
	face   face
	why    string // it has that face, where nobody asked for it
	engine *engine.Engine
	cast   *cast.Recorder                               // nil: nothing is recorded
	export func(summary.Run) (folder string, err error) // nil: nothing is written
}

// runConsole runs the whole system once, and leaves a summary behind on every way out.
func runConsole(cmd *cobra.Command, g *globals, cfg config.Config, f consoleFlags) error {
	s, err := build(cmd, g, cfg, f)
	if err != nil {
		return err
	}
	if s.why != "" {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), s.why)
	}
	signal.Ignore(syscall.SIGPIPE) // whoever reads our lines may leave before us: the summary is still to be written
	ctx, release := interruptible(cmd.Context())
	defer release()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ran := make(chan error, 1)
	go func() {
		ran <- s.engine.Run(ctx)
		cancel() // a run that ends by itself takes the screen with it
	}()
	shown := s.show(ctx)
	shown = errors.Join(shown, recorded(s.cast))
	cancel()
	release() // from here on another ctrl+c kills
	return errors.Join(shown, stopped(ran), s.leave(s.engine.Summary()))
}

// build makes a run that is ready to go: with its sockets open, a folder that can be written, and what runs beside
// it.
func build(cmd *cobra.Command, g *globals, cfg config.Config, f consoleFlags) (*session, error) {
	if err := f.check(); err != nil {
		return nil, usageError{err}
	}
	plan, err := parsePhases(f.phases)
	if err != nil {
		return nil, usageError{err}
	}
	s := &session{cmd: cmd, flags: f}
	s.face, s.why = f.face(term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd()), os.Getenv("TERM"))
	if err := f.fits(s.face, cmd.Flags().Changed); err != nil {
		return nil, usageError{err}
	}
	if err := f.failIf.Check(routing(plan, cfg)); err != nil {
		return nil, usageError{err}
	}
	if f.export != "" {
		cfg.Export.Dir = f.export
	}
	if !f.noExport {
		s.export = func(r summary.Run) (string, error) { return report.WriteRun(cfg.Export.Dir, time.Now(), r) }
	}
	opts := engine.Options{
		Seed: g.chosenSeed(), Duration: g.duration, Plan: plan, Learned: g.learned, Version: version(), Export: s.export,
		Attended: s.face != faceHeadless,
	}
	if cfg, err = f.replay.set(&opts, cfg); err != nil {
		return nil, usageError{err}
	}
	if opts.Replay != nil && s.face == faceHeadless && opts.Duration == 0 && len(plan) == 0 {
		opts.Duration = opts.Replay.Length // nobody is there to end it
	}
	s.engine, err = engine.New(cfg, opts)
	if err != nil {
		return nil, usageError{err}
	}
	if !f.noExport {
		if err := report.CheckFolder(cfg.Export.Dir); err != nil {
			return nil, usageError{err}
		}
	}
	if err := s.engine.Listen(); err != nil {
		return nil, err
	}
	if _, err := attach(s.engine, cfg, nil); err != nil {
		return nil, err
	}
	s.cast, err = f.record()
	return s, err
}

// show shows the run until ctx has ended or whoever looks at it has had enough.
func (s *session) show(ctx context.Context) error {
	in, out := s.cmd.InOrStdin(), s.cmd.OutOrStdout()
	var screen func() error
	switch s.face {
	case faceHeadless:
		screen = func() error { return printLines(ctx, out, s.engine) }
	case facePlain:
		out = spoken(out, s.cast)
		screen = func() error {
			return plain.Run(ctx, s.engine, in, out, plain.Options{
				Interval: s.flags.interval, ReadOnly: s.flags.readOnly, EndWithInput: term.IsTerminal(os.Stdin.Fd()),
			})
		}
	case faceConsole:
		looks, save := s.flags.looks(s.cmd)
		looks.Cast = s.cast
		defer save()
		if why := s.engine.Held(); why != "" {
			looks.Notices = append([]string{why + "; L resumes"}, looks.Notices...) // before what is of less weight
		}
		screen = func() error { return tui.Run(ctx, s.engine, looks) }
	}
	err := within(ctx, uiDeadline, terminal.Unsticker(os.Stdout), screen)
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return err
}

// stopped waits for the end of the run, within reason.
func stopped(ran <-chan error) error {
	select {
	case err := <-ran:
		return err
	case <-time.After(stopDeadline):
		return fmt.Errorf("the engine did not stop within %v", stopDeadline)
	}
}

// leave writes the summary, then prints the digest, whatever became of the files: the numbers must not be lost twice. Both
// have deadlines, the first for each file: the disk or the terminal may be gone. Where nobody has watched, it
// fails by what is in the summary, too.
func (s *session) leave(run summary.Run) error {
	var folder string
	var exportErr error
	if s.export != nil {
		if folder, exportErr = s.export(run); exportErr != nil {
			folder = "" // it is not whole
		}
	}
	printed := make(chan struct{})
	go func() {
		defer close(printed)
		_ = report.Digest(s.cmd.OutOrStdout(), run, folder) // a terminal that is gone is no failure of the run
	}()
	select {
	case <-printed:
	case <-time.After(printDeadline):
	}
	if s.face != faceHeadless {
		return exportErr
	}
	return errors.Join(exportErr, s.flags.failIf.Judge(s.cmd.ErrOrStderr(), failif.OfRun(run)), runFailure(run))
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
