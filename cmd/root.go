// Package cmd has the commands of slbtui: flags in, one call into the engine or the console, exit codes
// out. It decides nothing about traffic and owns no goroutine of a run; those are engine.Run's.
package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"slbtui/cmd/failif"
	"slbtui/cmd/garbage"
	"slbtui/cmd/help"
	"slbtui/engine/printable"
)

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // a run failed
	exitUsage  = 2 // the command line or the configuration is wrong
	exitMissed = 3 // a threshold was missed, whatever else went wrong in the run
)

// usageError marks what the user can mend on the command line or in the configuration.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// Main carries out one command line over the built-in configuration, and returns the exit code.
func Main(builtIn []byte, args []string) int {
	garbage.CollectSeldom()
	started := false // cobra's own checks fail before a command starts: those are usage errors
	root := rootCommand(builtIn, func() { started = true })
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	if err != nil {
		printError(root.ErrOrStderr(), err)
	}
	var usage usageError
	var missed failif.MissedError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &missed):
		return exitMissed
	case !started || errors.As(err, &usage):
		return exitUsage
	default:
		return exitFailed
	}
}

// printError prints an error as it is: file names and keys in it are to be copied, not styled.
func printError(w io.Writer, err error) {
	_, _ = fmt.Fprintf(w, "slbtui: %s\n", printable.Lines(err.Error())) // nowhere left to complain
}

func rootCommand(builtIn []byte, started func()) *cobra.Command {
	g := globals{builtIn: builtIn}
	root := consoleCommand(&g)
	root.Version, root.SilenceUsage, root.SilenceErrors = version(), true, true
	root.SetHelpFunc(help.Printer(ignored))
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := cmd.ValidateFlagGroups(); err != nil { // cobra's own comes after this hook
			return err
		}
		if err := g.refuseIgnored(cmd); err != nil {
			return err
		}
		started()
		return nil
	}
	flags := root.PersistentFlags()
	flags.StringArrayVar(&g.configs, "config", nil, "configuration `FILE`; repeatable, later files override earlier ones")
	flags.Uint64Var(&g.seed, "seed", 0, "`NUMBER` that everything that uses chance starts from; 0 takes a new one and shows it")
	flags.DurationVar(&g.duration, "duration", 0, "`TIME` after which to end, such as 30s; 0 runs until stopped")
	flags.StringVar(&g.learned, "learned", "", "`FILE` that learned tables are loaded from, if it exists, and saved to at the end (default: none)")
	root.AddCommand(serveCommand(&g), attachCommand(&g), tokenCommand(&g), backendsCommand(&g), loadCommand(&g), experimentCommand(&g), simulateCommand(&g), fitCommand(&g), trainCommand(&g), steerCommand(&g), configCommand(&g), policiesCommand(&g), healthcheckCommand(&g), versionCommand(&g))
	root.InitDefaultCompletionCmd() // now, so that its flags can be looked after
	for _, shell := range completionCommands(root) {
		g.ignores(shell, "config", "seed", "duration", "learned")
	}
	return root
}

// completionCommands are cobra's own commands that print a script for a shell, and the one above them.
func completionCommands(root *cobra.Command) []*cobra.Command {
	above, _, err := root.Find([]string{"completion"})
	if err != nil {
		return nil // there are none when cobra makes none
	}
	return append(above.Commands(), above)
}

// Tree returns all commands, for who writes manuals of them; it carries out nothing.
func Tree() *cobra.Command { return rootCommand(nil, func() {}) }
