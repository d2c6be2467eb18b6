package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"slbtui/routing/policy"
	"slbtui/routing/policy/score"
)

func policiesCommand(g *globals) *cobra.Command {
	variables := false
	cmd := &cobra.Command{
		Use:   "policies",
		Short: "List the routing policies: what each does, its parameters and where it comes from",
		Long: `List the routing policies, the built-in ones and those of the configuration: what each does, its parameters and
where it comes from. With --variables, what a score of your own may be made of.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := g.load()
			if err != nil {
				return err
			}
			if variables {
				return listVariables(cmd.OutOrStdout())
			}
			return listPolicies(cmd.OutOrStdout(), cfg.PolicyOptions().Specs())
		},
	}
	cmd.Flags().BoolVar(&variables, "variables", false, "list what a score in the configuration's policies may be made of")
	g.ignores(cmd, "duration", "learned", "seed")
	return cmd
}

func listPolicies(w io.Writer, specs []policy.Spec) error {
	for _, p := range specs {
		if _, err := fmt.Fprintf(w, "%s\n    %s\n    source: %s\n", p.Name, p.Summary, p.Source); err != nil {
			return err
		}
		for _, param := range p.Params {
			if _, err := fmt.Fprintf(w, "    %s\n", param); err != nil {
				return err
			}
		}
	}
	return nil
}

func listVariables(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Of each server, at the instant of a decision:\n")
	for _, v := range score.Variables() {
		fmt.Fprintf(&b, "  %-14s %-9s %-14s %s\n", v.Name, v.Unit, v.Range, v.Meaning)
	}
	b.WriteString("\nFunctions:\n")
	for _, f := range score.Functions() {
		fmt.Fprintf(&b, "  %-16s %s\n", f.Form, f.Meaning)
	}
	b.WriteString("\nOperators:\n")
	for _, o := range score.Operators() {
		fmt.Fprintf(&b, "  %-30s %s\n", o.Form, o.Meaning)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
