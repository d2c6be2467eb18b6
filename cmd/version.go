package cmd

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func versionCommand(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version, and the commit and date that it was made of",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "slbtui %s%s, %s %s/%s\n", version(), origin(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
	g.ignores(cmd, "config", "duration", "learned", "seed")
	return cmd
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

// origin is the commit that Go has written into the program, where it was built from a repository.
func origin() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	if set["vcs.revision"] == "" {
		return ""
	}
	changed := ""
	if set["vcs.modified"] == "true" {
		changed = " (changed)"
	}
	return fmt.Sprintf(", commit %.12s of %.10s%s", set["vcs.revision"], set["vcs.time"], changed)
}
