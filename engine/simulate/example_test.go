package simulate_test

import (
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
