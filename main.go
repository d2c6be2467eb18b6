// Command slbtui is a smart load balancer in a terminal: it runs simulated web servers, an HTTP
// proxy that learns where to send requests, and a load generator, all in one process.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"
)

// builtIn is the configuration that holds unless the user's own says otherwise.
//
//go:embed config.yaml
var builtIn []byte

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // a run failed
	exitUsage  = 2 // the command line or the configuration is wrong
)

// usageError marks what the user can mend on the command line or in the configuration.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func main() {
	collectSeldom()
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	started := false // cobra's own checks fail before a command starts: those are usage errors
	root := rootCommand(func() { started = true })
	root.SetArgs(args)
	err := fang.Execute(context.Background(), root,
		fang.WithVersion(version()), fang.WithoutManpage(), fang.WithErrorHandler(plainError))
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case !started || errors.As(err, &usage):
		return exitUsage
	default:
		return exitFailed
	}
}

// plainError prints an error as it is: file names and keys in it are to be copied, not styled.
func plainError(w io.Writer, _ fang.Styles, err error) {
	_, _ = fmt.Fprintf(w, "slbtui: %v\n", err) // nowhere left to complain
}

func rootCommand(started func()) *cobra.Command {
	var g globals
	root := consoleCommand(&g)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := cmd.ValidateFlagGroups(); err != nil { // cobra's own comes after this hook
			return err
		}
		started()
		return nil
	}
	flags := root.PersistentFlags()
	flags.StringArrayVar(&g.configs, "config", nil, "configuration `FILE`; repeatable, later files override earlier ones")
	flags.Uint64Var(&g.seed, "seed", 0, "seed of everything that uses chance; 0 takes a new one and shows it")
	flags.DurationVar(&g.duration, "duration", 0, "end after this long, such as 30s; 0 runs until stopped")
	flags.StringVar(&g.learned, "learned", "", "`FILE` that learned tables are loaded from, if it exists, and saved to at the end (default: none)")
	root.AddCommand(serveCommand(&g), backendsCommand(&g), loadCommand(&g), experimentCommand(&g), simulateCommand(&g), configCommand(&g), policiesCommand(), versionCommand())
	return root
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
