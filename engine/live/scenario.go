package live

import "time"

// PlayScenario plays a built-in scenario on the running servers, in place of one that is being
// played: its load and its faults at their times. When it ends, rate and faults go back to what they
// were. It needs the built-in load and fails with a reason where Snapshot.Scenarios names one.
type PlayScenario struct {
	Name string `json:"name"`
}

// StopScenario ends the scenario being played, and puts rate and faults back.
type StopScenario struct{}

func (PlayScenario) command() {}
func (StopScenario) command() {}

// Scenario is a scenario being played.
type Scenario struct {
	Name     string         `json:"name"`
	Elapsed  time.Duration  `json:"elapsed_ns"`
	Duration time.Duration  `json:"duration_ns"`
	Rate     float64        `json:"rate_per_second"` // requests/s on average
	Steps    []ScenarioStep `json:"steps"`           // in order of At
}

// ScenarioStep is a fault of a scenario.
type ScenarioStep struct {
	At     time.Duration `json:"at_ns"` // since the scenario began
	For    time.Duration `json:"for_ns"`
	Server string        `json:"server"`
	What   string        `json:"what"` // "slow x5"
	State  StepState     `json:"state"`
}

// StepState is how far a step is.
type StepState string

// The states of a step, in order.
const (
	StepDue  StepState = "due"
	StepOn   StepState = "on"
	StepOver StepState = "over"
)

// Replay is a recording whose requests are sent, and whose faults happen, again and again.
type Replay struct {
	Name    string        `json:"name"`
	Elapsed time.Duration `json:"elapsed_ns"` // of this round
	Length  time.Duration `json:"length_ns"`  // of a round
	Round   int           `json:"round"`      // from 1
	Speed   float64       `json:"speed"`      // so many times the traffic that was recorded
}

// ScenarioInfo is a built-in scenario.
type ScenarioInfo struct {
	Name    string `json:"name"`
	About   string `json:"about"`
	Refused string `json:"refused"` // why it cannot be played in this run; "" when it can
}
