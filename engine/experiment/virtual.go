package experiment

import (
	"context"
	"fmt"

	"slbtui/engine/comparison"
	"slbtui/engine/report"
	"slbtui/engine/simulate"
)

// Virtual is one policy on the same traces, over real sockets and in virtual time. The numbers are
// means over the repetitions of each run's number.
type Virtual struct {
	Policy                  string
	RealMeanMS, RealP99MS   float64
	VirtualMeanMS           float64
	VirtualP99MS            float64
	MeanPercent, P99Percent float64 // by how much real is above virtual
}

// CheckVirtual runs the plan's repetitions that a comparison finished in virtual time and sets both
// beside each other. The balancer outside is left out: nobody knows how it decides.
func CheckVirtual(ctx context.Context, plan Plan, real report.Comparison) ([]Virtual, error) {
	sim := comparison.Plan{
		Scenarios: []simulate.Scenario{plan.Scenario}, Policies: plan.Policies, Options: plan.Config.PolicyOptions(),
	}
	for repetition := range max(1, real.Repetitions) {
		trace, err := plan.trace(repetition)
		if err != nil {
			return nil, err
		}
		sim.Seeds, sim.Traces = append(sim.Seeds, plan.seed(repetition)), append(sim.Traces, trace)
		if n := len(trace); n > 0 {
			sim.Scenarios[0].Duration = max(sim.Scenarios[0].Duration, trace[n-1].Due+1)
		}
	}
	virtual, err := comparison.Compare(ctx, sim, nil)
	if err != nil {
		return nil, fmt.Errorf("virtual time: %w", err)
	}
	var out []Virtual
	for _, name := range plan.Policies {
		runs := real.Strategies[name].Runs
		row := virtual.Comparisons[0].Row(name)
		if len(runs) == 0 || row == nil {
			continue
		}
		v := Virtual{Policy: name, VirtualMeanMS: row.All.MeanMS, VirtualP99MS: row.All.P99MS}
		for _, r := range runs {
			v.RealMeanMS += r.Summary.MeanMS / float64(len(runs))
			v.RealP99MS += r.Summary.P99MS / float64(len(runs))
		}
		v.MeanPercent, v.P99Percent = above(v.RealMeanMS, v.VirtualMeanMS), above(v.RealP99MS, v.VirtualP99MS)
		out = append(out, v)
	}
	return out, nil
}

func above(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return 100 * (a/b - 1)
}
