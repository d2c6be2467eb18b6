package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"slbtui/engine/admin/token"
)

func tokenCommand(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token ROLE NAME",
		Short: "Make a token for the admin listener, and its line for admin.tokens_file",
		Long: `Make a token for the admin listener of a balancer. A viewer sees everything, an operator may command, too.

The token goes to standard output, and is kept nowhere: give it to NAME. Its line goes to standard error: append it to
the file that admin.tokens_file of the configuration names. The line lets nobody in by itself, and is read when the
balancer gets SIGHUP. To take a token back, remove its line.`,
		Example: `slbtui token operator alice > alice.token 2>> tokens
slbtui attach --token-file alice.token https://balancer.example:9090`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			role, err := token.ParseRole(args[0])
			if err == nil {
				err = token.CheckName(args[1])
			}
			if err != nil {
				return usageError{err}
			}
			secret, line := token.New(token.Holder{Role: role, Name: args[1]})
			_, _ = fmt.Fprintln(cmd.ErrOrStderr(), line)
			_, err = fmt.Fprintln(cmd.OutOrStdout(), secret)
			return err
		},
	}
	g.ignores(cmd, "config", "duration", "learned", "seed")
	return cmd
}
