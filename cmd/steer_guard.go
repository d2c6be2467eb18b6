package cmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"slbtui/cmd/terminal"
	"slbtui/engine/steer"
)

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
