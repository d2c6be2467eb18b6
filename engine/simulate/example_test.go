package simulate_test

import (
	"context"
	"fmt"

	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

func ExampleParseScenario() {
	sc, err := simulate.ParseScenario("quiet.yaml", []byte(`
duration: 10s
rate: 20
arrivals: constant
servers:
  - {id: near, base_delay_ms: 40, workers: 2}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := simulate.Run(sc, "round_robin", policy.Options{}, 1)
	fmt.Println(r.All.Requests, r.All.MeanMS, r.All.ErrorRate, err)
	// Output: 199 40 0 <nil>
}

func ExampleCompare() {
	sc, _ := simulate.Lookup("steady60")
	report, err := simulate.Compare(context.Background(), simulate.Plan{
		Scenarios: []simulate.Scenario{sc},
		Policies:  []string{"round_robin", "least_request"},
		Seeds:     simulate.SeedRange(1, 3),
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Comparisons[0].BestMean, report.Comparisons[0].Row("round_robin").Mean.Wins)
	// Output: least_request 0
}
