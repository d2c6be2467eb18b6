package cmd

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"slbtui/cmd/terminal"
	"slbtui/cmd/trust"
	"slbtui/engine/admin/token"
	"slbtui/engine/remote"
	"slbtui/tui"
	"slbtui/tui/cast"
	"slbtui/tui/plain"
)

// tokenVariable is where the token is, if no file is named.
const tokenVariable = "SLBTUI_TOKEN"

const maxTokenFile = 4 << 10

// attachFlags are those of the attach command.
type attachFlags struct {
	consoleFlags
	trust     trust.Flags
	tokenFile string
}

func attachCommand(g *globals) *cobra.Command {
	var f attachFlags
	cmd := &cobra.Command{
		Use:   "attach URL...",
		Short: "Show the console of balancers that run elsewhere",
		Long: `Show the console of a balancer that runs elsewhere, by its admin listener: slbtui serve --admin, or the console with
admin.listen set. A URL is http://HOST:PORT, https://HOST:PORT or unix:/PATH. With several, b lists them: their
rates add up, and enter shows another.

Everything works as in front of one's own engine, but for what is not there: load and faults are for simulated servers.
A balancer that goes away leaves its last picture, dimmed, and is picked up when it comes back. Quitting ends the
console, not the balancer. Commands need an operator's token where the balancer asks for tokens; with a viewer's the
console is read-only.`,
		Example: `slbtui attach http://127.0.0.1:9090
slbtui attach unix:/run/slbtui.sock
slbtui attach --token-file alice.token --ca ca.pem \
    https://b1.example:9090 https://b2.example:9090
ssh -L 9090:127.0.0.1:9090 balancer.example    # then attach to 127.0.0.1:9090`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.lookFlags(cmd)
	f.trust.Add(cmd, "URL")
	cmd.Flags().Lookup("insecure").Usage = "believe any certificate, and send the token in clear text: only to try out"
	cmd.Flags().StringVar(&f.tokenFile, "token-file", "", "`FILE` that holds the token (default: "+tokenVariable+" of the environment, or none)")
	g.ignores(cmd, "config", "duration", "learned", "seed")
	return cmd
}

func (f *attachFlags) run(cmd *cobra.Command, urls []string) error {
	if err := f.check(); err != nil {
		return usageError{err}
	}
	interactive := term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd())
	shown, why := f.face(interactive, os.Getenv("TERM"))
	if shown == faceHeadless {
		shown, why = facePlain, "no terminal: the console as lines of text (as with --plain)"
	}
	if err := f.fits(shown, cmd.Flags().Changed); err != nil {
		return usageError{err}
	}
	e, err := f.open(urls)
	if err != nil {
		return usageError{err}
	}
	ctx, release := interruptible(cmd.Context())
	defer release()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := met(e.Meet(ctx)); err != nil {
		if ctx.Err() != nil { // nobody waits for it any more
			return nil
		}
		return err
	}
	if why != "" {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), why)
	}
	recorder, err := f.record()
	if err != nil {
		return err
	}
	var following sync.WaitGroup
	following.Go(func() { e.Run(ctx) })
	err = errors.Join(f.show(ctx, cmd, e, shown, recorder), recorded(recorder))
	cancel()
	following.Wait()
	return err
}

// met says what to do about a first look that failed.
func met(err error) error {
	var refused remote.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return usageError{err}
	}
	return fmt.Errorf("%w; does slbtui serve --admin run there?", err)
}

func (f *attachFlags) open(urls []string) (*remote.Engine, error) {
	var certificates *tls.Config
	var err error
	if f.trust.CA != "" || slices.ContainsFunc(urls, trust.IsHTTPS) { // --insecure is for a token in clear text, too
		if certificates, err = f.trust.Config(urls...); err != nil {
			return nil, err
		}
	}
	secret, err := f.token()
	if err != nil {
		return nil, err
	}
	return remote.Open(urls, remote.Options{Token: secret, TLS: certificates, Insecure: f.trust.Insecure})
}

// token is that of the file, else that of the environment.
func (f *attachFlags) token() (string, error) {
	if f.tokenFile == "" {
		return strings.TrimSpace(os.Getenv(tokenVariable)), nil
	}
	file, err := os.Open(f.tokenFile)
	if err != nil {
		return "", fmt.Errorf("--token-file: %w", err)
	}
	defer func() { _ = file.Close() }() // only read from
	text, err := io.ReadAll(io.LimitReader(file, maxTokenFile))
	if err != nil {
		return "", fmt.Errorf("--token-file: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if token == "" || strings.ContainsAny(token, " \t\r\n") {
		return "", fmt.Errorf("--token-file %s: want one token in it, as slbtui token ROLE NAME prints it", f.tokenFile)
	}
	return token, nil
}

func (f *attachFlags) show(ctx context.Context, cmd *cobra.Command, e *remote.Engine, shown face, recorder *cast.Recorder) error {
	screen := func() error {
		return plain.Run(ctx, e, cmd.InOrStdin(), spoken(cmd.OutOrStdout(), recorder), plain.Options{
			Interval: f.interval, ReadOnly: f.readOnly, EndWithInput: term.IsTerminal(os.Stdin.Fd()),
		})
	}
	if shown == faceConsole {
		looks, save := f.looks(cmd)
		defer save()
		looks.Cast = recorder
		looks.Tour = false // it slows servers of one's own
		screen = func() error { return tui.Run(ctx, e, looks) }
	}
	return within(ctx, uiDeadline, terminal.Unsticker(os.Stdout), screen)
}

func tokenCommand(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token ROLE NAME",
		Short: "Make a token for the admin listener, and its line for admin.tokens_file",
		Long: `Make a token for the admin listener of a balancer. A viewer sees everything, an operator may command, too.

The token goes to standard output, and is kept nowhere: give it to NAME. Its line goes to standard error: append it to
the file that admin.tokens_file of the configuration names. The line lets nobody in by itself, and is read when the
balancer gets SIGHUP. To take a token back, remove its line.`,
		Example: `slbtui token operator alice > alice.token 2>> tokens
slbtui attach --token-file alice.token https://balancer.example:9090`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			role, err := token.ParseRole(args[0])
			if err == nil {
				err = token.CheckName(args[1])
			}
			if err != nil {
				return usageError{err}
			}
			secret, line := token.New(token.Holder{Role: role, Name: args[1]})
			_, _ = fmt.Fprintln(cmd.ErrOrStderr(), line)
			_, err = fmt.Fprintln(cmd.OutOrStdout(), secret)
			return err
		},
	}
	g.ignores(cmd, "config", "duration", "learned", "seed")
	return cmd
}
