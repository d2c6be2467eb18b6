package experiment

import (
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/play"
	"slbtui/engine/simulate"
)

func TestEveryBuiltInScenarioCanBePlanned(t *testing.T) {
	for _, sc := range simulate.Scenarios() {
		for _, f := range play.Plan(sc) {
			require.NotEmpty(t, f.Fault.String(), sc.Name)
		}
		p := quick("round_robin")
		p.Scenario, p.Requests = sc, 0
		if err := p.Validate(); err != nil {
			require.ErrorContains(t, err, "virtual time only", sc.Name)
		}
		for _, f := range spans(sc, sc.Duration) {
			require.Less(t, f.StartS, f.EndS)
		}
	}
}
