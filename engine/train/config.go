package train

import (
	"errors"
	"fmt"
	"io"

	"slbtui/engine/simulate"
)

// Config says how long and on what to train. Its zero value is not usable: see Default.
type Config struct {
	Seed      uint64 // of the weights, the scenarios and everything drawn
	Rounds    int    // of scenarios and training, 1 or more; the truth decides in the first
	Scenarios int    // new in each round
	Decisions int    // kept of each scenario, on average
	Epochs    int    // over all decisions so far, in each round; the last round has three times as many
	HeldOut   int    // other scenarios of each kind to evaluate in, 1 or more
	Workers   int    // at once; 0 is one a core
}

// Default is what the shipped network was trained with.
func Default() Config {
	return Config{Seed: 1, Rounds: 8, Scenarios: 150, Decisions: 400, Epochs: 6, HeldOut: 40}
}

// HeldOutFirst is the seed of the first of the scenarios to evaluate in: none that the training meets.
const HeldOutFirst = 7001

// Describe prints what makes the network what it is: the command, and the seeds of the scenarios.
func (c Config) Describe(w io.Writer) error {
	first, _ := c.ScenarioSeeds(0)
	_, last := c.ScenarioSeeds(c.Rounds - 1)
	_, err := fmt.Fprintf(w, "slbtui train --seed %d --rounds %d --scenarios %d --decisions %d --epochs %d\ntrained on random:%d-%d, every third wild\n",
		c.Seed, c.Rounds, c.Scenarios, c.Decisions, c.Epochs, first, last)
	return err
}

// Validate says what is wrong with it.
func (c Config) Validate() error {
	for _, n := range []struct {
		name  string
		value int
	}{{"rounds", c.Rounds}, {"scenarios", c.Scenarios}, {"decisions", c.Decisions}, {"epochs", c.Epochs}, {"held-out", c.HeldOut}} {
		if n.value < 1 || n.value > 10_000 {
			return fmt.Errorf("train: %s: %d is not within 1-10000", n.name, n.value)
		}
	}
	if c.Rounds*c.Scenarios*c.Decisions > maxDecisions {
		return fmt.Errorf("train: %d decisions are more than %d", c.Rounds*c.Scenarios*c.Decisions, maxDecisions)
	}
	if c.Seed == 0 || c.Seed >= 1<<31 {
		return errors.New("train: the seed must be 1-2147483647")
	}
	return nil
}

// maxDecisions are about 800 MB.
const maxDecisions = 2_000_000

// wildEvery is that one scenario in so many is a wild one: outside the lab's own world a queue is not all that
// requests in flight can mean.
const wildEvery = 3

// ScenarioSeeds is the range of the random scenarios that a round meets, first and last: far away from the
// small numbers that people try policies on.
func (c Config) ScenarioSeeds(round int) (first, last uint64) {
	first = c.Seed<<32 + uint64(round*c.Scenarios)
	return first, first + uint64(c.Scenarios) - 1
}

func (c Config) scenario(round, i int) (simulate.Scenario, uint64) {
	first, _ := c.ScenarioSeeds(round)
	seed := first + uint64(i)
	if i%wildEvery == wildEvery-1 {
		return Wild.scenario(seed), seed
	}
	return Random.scenario(seed), seed
}
