package cmd

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/experiment"
	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

// Whoever takes part in a comparison has a name of its own.
func TestPoliciesOfOnesOwnCannotTakeTheNamesOfOthers(t *testing.T) {
	taken := append(simulate.Policies(policy.Options{}), experiment.Outside)
	require.ElementsMatch(t, taken, append(slices.Clone(policy.Names()), config.ReservedNames...))
}
