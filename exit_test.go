package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
)

// expectExit is the script command "exits CODE COMMAND ARGS...": it passes the output on and fails
// unless the command ends with CODE, which testscript's own "!" does not tell apart.
func expectExit() {
	want, err := strconv.Atoi(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "usage: exits CODE COMMAND ARGS...")
		os.Exit(99)
	}
	cmd := exec.Command(os.Args[2], os.Args[3:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	got := 0
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(99)
		}
		got = exit.ExitCode()
	}
	if got != want {
		fmt.Fprintf(os.Stderr, "exit code %d, want %d\n", got, want)
		os.Exit(99)
	}
}
