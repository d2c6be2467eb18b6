package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
)

// self is this program with these arguments, to be started as a process of its own: the test binary is the program
// when it is called by its name, see TestMain.
func self(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	require.NoError(t, err)
	return &exec.Cmd{Path: path, Args: append([]string{"slbtui"}, args...)}
}

// started starts it and returns the lines that it writes to out, one of its pipes. The end of the test ends it.
func started(t *testing.T, cmd *exec.Cmd, out io.Reader) chan string {
	t.Helper()
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := make(chan string, 10_000)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines
}
