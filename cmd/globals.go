package cmd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"slbtui/engine/config"
)

// globals are the flags that every command understands.
type globals struct {
	builtIn  []byte // the configuration below all others
	configs  []string
	seed     uint64
	duration time.Duration
	learned  string
}

// load reads the built-in configuration and the user's files on top of it.
func (g *globals) load() (config.Config, error) {
	sources := []config.Source{{Name: "config.yaml (built-in)", Data: g.builtIn}}
	for _, path := range g.configs {
		s, err := config.ReadSource(path)
		if err != nil {
			return config.Config{}, usageError{err}
		}
		sources = append(sources, s)
	}
	cfg, err := config.Load(sources...)
	if err != nil {
		return config.Config{}, usageError{err}
	}
	return cfg, g.check()
}

func (g *globals) check() error {
	if g.duration < 0 {
		return usageError{fmt.Errorf("--duration %v: must not be negative", g.duration)}
	}
	return nil
}

// ignoring is the annotation of a command that lists the flags of all commands that it has no use for.
const ignoring = "ignoring"

// ignores says which of the flags of all commands mean nothing to cmd: they are not in its help, and refused.
func (g *globals) ignores(cmd *cobra.Command, flags ...string) {
	cmd.Annotations = map[string]string{ignoring: strings.Join(flags, " ")}
}

// ignored tells whether a flag means nothing to cmd.
func ignored(cmd *cobra.Command, flag string) bool {
	return slices.Contains(strings.Fields(cmd.Annotations[ignoring]), flag)
}

// refuseIgnored fails when a flag was given that would do nothing: whoever gave it expects something of it.
func (g *globals) refuseIgnored(cmd *cobra.Command) error {
	for flag := range strings.FieldsSeq(cmd.Annotations[ignoring]) {
		if cmd.Flags().Changed(flag) {
			return usageError{fmt.Errorf("--%s does nothing for %s; leave it out (%s --help lists what does)", flag, cmd.CommandPath(), cmd.CommandPath())}
		}
	}
	return nil
}

// chosenSeed is the seed given, or a new one, small enough to type.
func (g *globals) chosenSeed() uint64 {
	if g.seed != 0 {
		return g.seed
	}
	return 1 + rand.Uint64N(999_999)
}

// interruptible ends with the first SIGINT, SIGTERM or SIGHUP. After stop a further SIGINT or SIGTERM kills. A
// further SIGHUP never does: a terminal that is closed sends several, from the kernel and from the shell.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	return ctx, func() {
		// Taken, and never read: ignoring it would leave a moment in which it kills.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
		stop()
	}
}
