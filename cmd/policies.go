package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"slbtui/routing/policy"
)

func policiesCommand(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policies",
		Short: "List the routing policies: what each does, its parameters and where it comes from",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := cmd.OutOrStdout()
			for _, p := range policy.All() {
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
		},
	}
	g.ignores(cmd, "config", "duration", "learned", "seed")
	return cmd
}
