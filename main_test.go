package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"slbtui/cmd"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"slbtui": func() { os.Exit(cmd.Main(builtIn, os.Args[1:])) },
		"exits":  expectExit,
	})
}

// The command line as scripts: commands, output, exit codes. See testdata/script/*.txtar.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script"})
}
