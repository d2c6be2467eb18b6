package report

import (
	"runtime"
	"time"

	"slbtui/engine/stats"
	"slbtui/engine/summary"
)

// Comparison is the result of running several policies on the same work: what
// comparison_results.json holds. All numbers in it are finite, and all times are in seconds since
// the beginning of the run they belong to (runs are aligned at zero), unless a field says otherwise.
type Comparison struct {
	Tool    string `json:"tool"`
	Version string `json:"version"`
	// Kind is KindExperiment or KindSession.
	Kind string `json:"kind"`
	// Command runs the same thing again. Empty when there is none.
	Command     string      `json:"command,omitempty"`
	Environment Environment `json:"environment"`
	Started     time.Time   `json:"started"`
	ElapsedS    float64     `json:"elapsed_seconds"`
	// Scenario names what happened to the servers and the load.
	Scenario string   `json:"scenario,omitempty"`
	Servers  []Server `json:"servers"`
	// Policies lists the keys of Strategies in the order in which they are shown.
	Policies []string `json:"policies"`
	// Baseline is the policy that the others are compared with. Empty when it was not run.
	Baseline string `json:"baseline,omitempty"`
	// Repetitions is how many runs of each policy were finished; Planned is how many were asked for.
	Repetitions int `json:"repetitions"`
	Planned     int `json:"repetitions_planned"`
	// Seeds holds the seed of each repetition: arrivals and service draws are the same for all policies.
	Seeds []uint64 `json:"seeds"`
	// RatePerS is the mean rate of arrivals; 0 when it varied by hand.
	RatePerS float64 `json:"rate_per_second,omitempty"`
	// Requests is how many were due in one run; 0 when it varied by hand.
	Requests uint64 `json:"requests_per_run,omitempty"`
	// MeasuredAt tells where latencies were taken.
	MeasuredAt summary.Place `json:"measured_at"`
	// Invalid says why these numbers are not to be trusted. Empty when nothing is known against them.
	Invalid []string `json:"invalid_reasons"`
	// Notes are remarks for the reader that don't make the numbers wrong: "interrupted in repetition 2".
	Notes []string `json:"notes,omitempty"`
	// Faults are what was injected, in the order of their beginnings.
	Faults []FaultSpan `json:"faults"`
	// RegretReference names what regret is counted against. Empty when no policy has a regret.
	RegretReference string `json:"regret_reference,omitempty"`
	// Strategies holds the results by policy name.
	Strategies map[string]PolicyResult `json:"strategies"`
	// Improvement holds each policy's gain over Baseline by policy name; the baseline has none.
	Improvement map[string]Improvement `json:"improvement"`
	// Incomparable says by policy why it is not in Improvement: in a session it may have met unlike faults or load.
	Incomparable map[string]string `json:"incomparable,omitempty"`
	// Config is the effective configuration, as plain values.
	Config any `json:"configuration,omitempty"`
}

// The kinds of comparison.
const (
	KindExperiment = "experiment" // every policy met the same arrivals and draws
	KindSession    = "session"    // phases of one console session, one after the other: what happened differs
)

// Environment is the machine and the toolchain of a run, so far as it matters to numbers.
type Environment struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
	Go   string `json:"go"`
}

// ThisEnvironment describes the running process.
func ThisEnvironment() Environment {
	return Environment{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.GOMAXPROCS(0), Go: runtime.Version()}
}

// Server is one upstream of a comparison. BaseDelayMS and Workers are 0 for a server that is not simulated.
type Server struct {
	ID          string  `json:"id"`
	BaseDelayMS float64 `json:"base_delay_ms,omitempty"` // mean service time
	Workers     int     `json:"workers,omitempty"`       // requests served at once
}

// FaultSpan is one injected fault and when it was in force.
type FaultSpan struct {
	Server string  `json:"server"` // empty when it concerns all, or the load
	Kind   string  `json:"kind"`   // in words: "slow x5"
	StartS float64 `json:"start_seconds"`
	EndS   float64 `json:"end_seconds"`
}

// Improvement is what a policy gained over the baseline. Positive percentages are better.
type Improvement struct {
	Baseline                  string  `json:"baseline"`
	LatencyReductionPercent   float64 `json:"latency_reduction_percent"` // of the mean
	P99ReductionPercent       float64 `json:"p99_reduction_percent"`
	StabilityPercent          float64 `json:"stability_improvement"` // reduction of the coefficient of variation
	ThroughputIncreasePercent float64 `json:"throughput_improvement_percent"`
	// Paired differences, policy minus baseline: negative is faster. Absent where nothing could be paired.
	All  *PairedDifference `json:"paired,omitempty"`
	Cold *PairedDifference `json:"paired_cold,omitempty"`
	Warm *PairedDifference `json:"paired_warm,omitempty"`
}

// PairedDifference is the mean difference between two policies over requests of the same trace that
// both answered, with an interval bootstrapped over blocks of time (neighbouring requests share
// queues, so that single requests are not independent).
type PairedDifference struct {
	Pairs   uint64         `json:"pairs"`
	MeanMS  float64        `json:"mean_difference_ms"`
	CIMS    stats.Interval `json:"ci_95_ms"`
	BlockS  float64        `json:"block_seconds"`
	Percent float64        `json:"mean_difference_percent"` // of the baseline's mean over the same pairs
	// PercentCI is the interval of Percent; the blocks of both policies are drawn together.
	PercentCI stats.Interval `json:"ci_95_percent"`
}

// Improve fills the percentages of an Improvement from two results; the paired differences are the
// business of whoever has the requests. A percentage whose base is zero is 0.
func Improve(baseline, policy PolicyResult) Improvement {
	b, p := baseline.Summary, policy.Summary
	return Improvement{
		Baseline:                  baseline.Policy,
		LatencyReductionPercent:   reduction(b.MeanMS, p.MeanMS),
		P99ReductionPercent:       reduction(b.P99MS, p.P99MS),
		StabilityPercent:          reduction(b.CV, p.CV),
		ThroughputIncreasePercent: -reduction(b.Throughput, p.Throughput),
	}
}

func reduction(from, to float64) float64 {
	if from == 0 {
		return 0
	}
	return 100 * (1 - to/from)
}
