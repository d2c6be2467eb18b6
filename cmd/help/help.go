// Package help prints what a command does, for people and for whoever copies from it.
package help

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const (
	// Width is how many columns it takes: what every terminal has.
	Width  = 80
	indent = 24 // where what a flag does begins
)

// exitCodes is said once, at the end of the help of the commands that run something.
const exitCodes = "Exit codes: 0 success, 1 a failed run, 2 a wrong command line or configuration, 3 a missed threshold (--fail-if)."

// Printer is cobra's HelpFunc: what a command does, within eighty columns, no word cut: examples and file names are to be
// copied. Flags that mean nothing to the command, as ignored tells, are left out.
func Printer(ignored func(cmd *cobra.Command, flag string) bool) func(*cobra.Command, []string) {
	return func(cmd *cobra.Command, _ []string) { printHelp(cmd, ignored) }
}

func printHelp(cmd *cobra.Command, ignored func(*cobra.Command, string) bool) {
	var b strings.Builder
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	for _, paragraph := range strings.Split(text, "\n\n") {
		indented(&b, "", 0, strings.Join(strings.Fields(paragraph), " "))
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "Usage:\n  %s\n", cmd.UseLine())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s [command] [flags]\n", cmd.CommandPath())
	}
	if cmd.Example != "" {
		fmt.Fprintf(&b, "\nExamples:\n  %s\n", strings.ReplaceAll(cmd.Example, "\n", "\n  "))
	}
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				indented(&b, "  "+sub.Name(), 14, sub.Short)
			}
		}
	}
	helpFlags(&b, cmd, ignored)
	if cmd.RunE != nil {
		b.WriteString("\n")
		indented(&b, "", 0, exitCodes)
	}
	_, _ = io.WriteString(cmd.OutOrStdout(), b.String()) // nowhere to complain
}

// helpFlags lists the flags that the command has a use for.
func helpFlags(b *strings.Builder, cmd *cobra.Command, ignored func(*cobra.Command, string) bool) {
	first := true
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || ignored(cmd, f.Name) {
			return
		}
		if first {
			b.WriteString("\nFlags:\n")
			first = false
		}
		value, does := pflag.UnquoteUsage(f)
		head := "      --" + f.Name
		if f.Shorthand != "" {
			head = "  -" + f.Shorthand + ", --" + f.Name
		}
		if value != "" {
			head += " " + value
		}
		if d := f.DefValue; d != "" && d != "false" && d != "0" && d != "0s" && d != "[]" {
			does += " (default " + strings.Trim(d, "[]") + ")"
		}
		indented(b, head, indent, does)
	})
}

// indented writes words behind a head, from a column on, in lines that fit.
func indented(b *strings.Builder, head string, column int, text string) {
	line := head
	if len(head)+2 > column && head != "" {
		b.WriteString(head + "\n")
		line = ""
	}
	line += strings.Repeat(" ", max(0, column-len(line)))
	used := false // the line holds a word
	for word := range strings.FieldsSeq(text) {
		if used && len(line)+1+len(word) > Width {
			b.WriteString(line + "\n")
			line, used = strings.Repeat(" ", column), false
		}
		if used {
			line += " "
		}
		line, used = line+word, true
	}
	b.WriteString(line + "\n")
}
