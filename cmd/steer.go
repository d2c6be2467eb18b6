package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"slbtui/cmd/terminal"
	"slbtui/engine/config"
	"slbtui/engine/steer"
	"slbtui/engine/steer/haproxy"
	"slbtui/routing/policy/weights"
	"slbtui/tui"
	"slbtui/tui/plain"
)

// steerFlags are those of steer haproxy.
type steerFlags struct {
	consoleFlags
	syslog, log            string
	socket, backend, agent string
	apply, maxConn         bool
}

func steerCommand(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "steer",
		Short: "Watch a production HAProxy by its log and, if asked to, set its weights",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(steerHAProxyCommand(g), steerGuardCommand(g))
	g.ignores(cmd, "config", "duration", "learned", "seed")
	return cmd
}

func steerHAProxyCommand(g *globals) *cobra.Command {
	var f steerFlags
	cmd := &cobra.Command{
		Use:   "haproxy",
		Short: "Steer HAProxy by weights that are learned from its log",
		Long: `Read the log of a running HAProxy (option httplog), learn from it what each server of a backend is like, with
q_factored's table, and show that in the console: servers, latencies, shares, the table, and which weights it would set,
with the reason in words. Nothing is changed without --apply.

With --apply the weights are set once a second by the Runtime API (--socket), or given as answers to agent checks
(--agent). Weights stay as they are until ` + fmt.Sprint(weights.Known) + ` requests have been measured, none is below ` + fmt.Sprint(weights.Floor) + ` of ` + fmt.Sprint(weights.Full) + ` while a
server answers, and a server that fails gets none for as long as it does. At the end everything is put back as it was;
should slbtui be killed, HAProxy goes on with the last weights and a guard process lifts those at 0.

docs/steer.md has HAProxy's lines of configuration, what changes, and when not to use it. In virtual time the same
steering is the policy least_request+steered.`,
		Example: `slbtui steer haproxy --syslog 127.0.0.1:5140 \
    --socket /run/haproxy/admin.sock --backend app
slbtui steer haproxy --log /var/log/haproxy.log --backend app --plain
slbtui steer haproxy --syslog 127.0.0.1:5140 \
    --socket /run/haproxy/admin.sock --backend app --apply --no-tui`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := g.load()
			if err != nil {
				return err
			}
			return f.run(cmd, g, cfg)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.syslog, "syslog", "", "`HOST:PORT` to take HAProxy's log at, by UDP: its \"log HOST:PORT local0\"")
	flags.StringVar(&f.log, "log", "", "`FILE` that HAProxy's log is being written to, instead of --syslog")
	flags.StringVar(&f.socket, "socket", "", "`PATH` or HOST:PORT of HAProxy's stats socket; without it HAProxy is known by its log alone")
	flags.StringVar(&f.backend, "backend", "", "`NAME` of the backend")
	flags.StringVar(&f.agent, "agent", "", "`HOST:PORT` to answer HAProxy's agent checks at, instead of setting weights by the socket")
	flags.BoolVar(&f.apply, "apply", false, "set weights; otherwise nothing is changed")
	flags.BoolVar(&f.maxConn, "maxconn", false, "with --apply, set each server's maxconn to the requests it serves at once, as learned")
	flags.BoolVar(&f.noTUI, "no-tui", false, "run without the console, one line a second (automatic without a terminal)")
	f.lookFlags(cmd)
	cmd.MarkFlagsMutuallyExclusive("syslog", "log")
	cmd.MarkFlagsMutuallyExclusive("no-tui", "read-only")
	cmd.MarkFlagsMutuallyExclusive("no-tui", "plain")
	g.ignores(cmd, "learned")
	return cmd
}

func (f *steerFlags) run(cmd *cobra.Command, g *globals, cfg config.Config) error {
	if err := errors.Join(f.check(), f.checkSteering()); err != nil {
		return usageError{err}
	}
	shown, why := f.face(term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd()), os.Getenv("TERM"))
	if err := f.fits(shown, cmd.Flags().Changed); err != nil {
		return usageError{err}
	}
	o, err := f.options(g, cfg)
	if err != nil {
		return usageError{err}
	}
	ctx, release := interruptible(cmd.Context())
	defer release()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if f.apply {
		guard, err := startGuard()
		if err != nil {
			return err
		}
		defer guard.leave()
		o.Guard = steer.NewGuard(guard)
	}
	e, err := steer.New(ctx, o)
	if err != nil {
		return usageError{err}
	}
	if why != "" {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), why)
	}
	ran := make(chan error, 1)
	go func() {
		ran <- e.Run(ctx)
		cancel() // a run that ends by itself takes the screen with it
	}()
	err = f.show(ctx, cmd, e, shown)
	cancel()
	release() // from here on another ctrl+c kills
	return errors.Join(err, stopped(ran))
}

// checkSteering refuses what cannot go together, before anything is opened.
func (f *steerFlags) checkSteering() error {
	switch {
	case f.syslog == "" && f.log == "":
		return errors.New("which log? --syslog HOST:PORT takes it as HAProxy sends it, --log FILE as it is written")
	case f.backend == "":
		return errors.New("--backend is missing: the name of HAProxy's backend, as in its configuration")
	case f.apply && f.socket == "" && f.agent == "":
		return errors.New("--apply: by which way? --socket sets weights by the Runtime API, --agent answers agent checks")
	case f.maxConn && !f.apply:
		return errors.New("--maxconn: sets a limit, so it needs --apply")
	}
	return nil
}

func (f *steerFlags) options(g *globals, cfg config.Config) (o steer.Options, err error) {
	o = steer.Options{Backend: f.backend, Agent: f.agent, MaxConns: f.maxConn, Policy: cfg.PolicyOptions(), Duration: g.duration, Version: version()}
	o.Policy.Seed = g.chosenSeed()
	switch {
	case f.apply && f.agent != "":
		o.Means = steer.ByAgent
	case f.apply:
		o.Means = steer.BySocket
	}
	if f.socket != "" {
		api, err := haproxy.NewAPI(f.socket)
		if err != nil {
			return o, fmt.Errorf("--socket: %w", err)
		}
		o.API = &api
	}
	if f.log != "" {
		o.Source, err = steer.FollowFile(f.log)
	} else {
		o.Source, err = steer.ListenSyslog(f.syslog)
	}
	return o, err
}

func (f *steerFlags) show(ctx context.Context, cmd *cobra.Command, e *steer.Engine, shown face) error {
	in, out := cmd.InOrStdin(), cmd.OutOrStdout()
	screen := func() error { return printLines(ctx, out, e) }
	switch shown {
	case facePlain:
		screen = func() error {
			return plain.Run(ctx, e, in, out, plain.Options{Interval: f.interval, ReadOnly: f.readOnly, EndWithInput: term.IsTerminal(os.Stdin.Fd())})
		}
	case faceConsole:
		looks, save := f.looks(cmd)
		looks.Tour = false // it is about simulated servers
		defer save()
		screen = func() error { return tui.Run(ctx, e, looks) }
	}
	return within(ctx, uiDeadline, terminal.Unsticker(os.Stdout), screen)
}

// guardPatience is how long a guard that was released may take to end.
const guardPatience = 2 * time.Second

// steerGuardCommand is the process that outlives a steering one which is killed. Nobody types it.
func steerGuardCommand(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use: "guard", Hidden: true, Args: cobra.NoArgs,
		Short: "Lift what a steering process that was killed has left at weight 0",
		RunE: func(cmd *cobra.Command, _ []string) error {
			signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE) // it ends with its input, and not before
			return steer.RunGuard(context.WithoutCancel(cmd.Context()), cmd.InOrStdin())
		},
	}
	g.ignores(cmd, "config", "duration", "learned", "seed")
	return cmd
}

// guardProcess is the guard of this process.
type guardProcess struct {
	io.WriteCloser
	process *exec.Cmd
}

func startGuard() (*guardProcess, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("start the guard: %w", err)
	}
	process := exec.Command(path, "steer", "guard")
	terminal.Detach(process)
	in, err := process.StdinPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("start the guard, slbtui steer guard: %w", err)
	}
	return &guardProcess{in, process}, nil
}

// leave ends the guard, which has been released, or carries out the last will.
func (g *guardProcess) leave() {
	_ = g.Close() // its end is what the guard waits for
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = g.process.Wait() // what it could not do nobody else can
	}()
	select {
	case <-ended:
	case <-time.After(guardPatience):
	}
}
