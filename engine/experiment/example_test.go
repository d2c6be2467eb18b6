package experiment_test

import (
	"context"
	"fmt"
	"time"

	"slbtui/engine/config"
	"slbtui/engine/experiment"
	"slbtui/engine/simulate"
)

// A comparison in ten lines: two policies, real sockets, the same hundred requests for both.
func ExampleRun() {
	c, err := experiment.Run(context.Background(), experiment.Plan{
		Scenario: simulate.Scenario{
			Name: "two servers", Duration: time.Minute, Rate: 400,
			Servers: []simulate.Server{{ID: "fast", BaseDelayMS: 1, Workers: 4}, {ID: "slow", BaseDelayMS: 20, Workers: 4}},
		},
		Policies: []string{"round_robin", "q_factored"}, Repetitions: 1, Requests: 100, Seed: 1, Config: config.Default(),
	}, experiment.Observer{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, policy := range c.Policies {
		s := c.Strategies[policy].Summary
		fmt.Println(policy, s.Requests, "requests,", s.Failures, "failed")
	}
	fmt.Println("paired:", c.Improvement["q_factored"].All.Pairs)
	// Output:
	// round_robin 100 requests, 0 failed
	// q_factored 100 requests, 0 failed
	// paired: 100
}

// The configuration's own servers, at ten requests a second.
func ExampleFromConfig() {
	sc, err := experiment.FromConfig(config.Default(), 10, 100*time.Second)
	fmt.Println(len(sc.Servers), sc.MeanRate(), err)
	// Output: 3 10 <nil>
}
