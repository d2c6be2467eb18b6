package cmd

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"slbtui/cmd/help"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// Help fits eighty columns and cuts nothing: an example that is copied works, and ends by itself.
func TestHelpFits(t *testing.T) {
	root := rootCommand(nil, func() {})
	for _, cmd := range append(root.Commands(), root) {
		t.Run(cmd.Name(), func(t *testing.T) {
			var b bytes.Buffer
			cmd.SetOut(&b)
			require.NoError(t, cmd.Help())
			for line := range strings.Lines(b.String()) {
				require.LessOrEqual(t, len(strings.TrimSuffix(line, "\n")), help.Width, line)
			}
			text := strings.Join(strings.Fields(b.String()), " ")
			for line := range strings.Lines(cmd.Example) {
				require.Contains(t, b.String(), line)
			}
			if cmd.RunE != nil { // "completion" alone runs nothing
				require.Contains(t, text, "3 a missed threshold")
			}
			cmd.Flags().VisitAll(func(f *pflag.Flag) {
				value, does := pflag.UnquoteUsage(f)
				shown := strings.Contains(text, "--"+f.Name+" ")
				require.Equal(t, !ignored(cmd, f.Name), shown, "--%s", f.Name)
				if shown {
					require.Contains(t, text, strings.Join(strings.Fields(does), " "), "--%s", f.Name)
				}
				if f.Value.Type() != "bool" {
					require.True(t, value != "" && strings.IndexFunc(value, unicode.IsLower) < 0, "--%s %s: name its value in `CAPITALS`", f.Name, value)
				}
			})
		})
	}
}

// Loads and runs of examples end by themselves; a proxy, servers and the console go on until they are stopped.
func TestExamplesEnd(t *testing.T) {
	var load *cobra.Command
	root := rootCommand(nil, func() {})
	for _, cmd := range root.Commands() {
		if cmd.Name() == "load" {
			load = cmd
		}
	}
	for example := range strings.SplitSeq(strings.ReplaceAll(load.Example, "\\\n", ""), "\n") {
		require.Contains(t, example, "--duration")
	}
}

func TestCommandLine(t *testing.T) {
	require.Equal(t, `slbtui experiment --url http://ann:xxxxx@h:8080/ --url=https://ann:xxxxx@h/ --fail-if 'p99>200ms' '' 'it'\''s' random:1-3`,
		commandLine([]string{"experiment", "--url", "http://ann:secret@h:8080/", "--url=https://ann:secret@h/", "--fail-if", "p99>200ms", "", "it's", "random:1-3"}))
}
