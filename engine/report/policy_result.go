package report

import (
	"slbtui/engine/metrics"
	"slbtui/engine/stats"
)

// PolicyResult is what became of the requests under one policy, all its runs together.
type PolicyResult struct {
	Policy  string `json:"policy"`
	Learner bool   `json:"learner"`
	// Outside marks a balancer that runs elsewhere, driven through its URL.
	Outside bool `json:"outside,omitempty"`
	// Summary is over every request of every run; Throughput is per second of all runs together.
	Summary metrics.Summary `json:"latency_stats"`
	// Cold sums up the first requests of each run, Warm the rest. Absent when the parts were not told apart.
	Cold *metrics.Summary `json:"cold,omitempty"`
	Warm *metrics.Summary `json:"warm,omitempty"`
	// MeanCI and P99CI are 95 % intervals of Summary's mean and p99, WarmMeanCI and WarmP99CI of Warm's.
	MeanCI     stats.Interval `json:"mean_ci_ms,omitzero"`
	P99CI      stats.Interval `json:"p99_ci_ms,omitzero"`
	WarmMeanCI stats.Interval `json:"warm_mean_ci_ms,omitzero"`
	WarmP99CI  stats.Interval `json:"warm_p99_ci_ms,omitzero"`
	// ByServer counts answered requests (failed ones included) by server id.
	ByServer map[string]uint64 `json:"server_distribution"`
	Runs     []RunResult       `json:"runs"`
	// Windows cut the run into equal parts, the runs taken together.
	Windows []Window `json:"throughput_data"`
	// LearningCurve is the latency by number of requests since the run began, the runs taken together.
	LearningCurve []LearningPoint `json:"learning_curve"`
	// Timeline is second by second, the runs taken together. It may have gaps in a session.
	Timeline []TimelinePoint `json:"timeline"`
	// CCDF is the share of successful requests slower than a latency, by growing latency.
	CCDF []CCDFPoint `json:"latency_ccdf"`
	// Regret grows by what each request cost more than under Comparison.RegretReference. Nil when unknown.
	Regret []RegretPoint `json:"cumulative_regret,omitempty"`
	Lag    Lag           `json:"generator_lag"`
}

// RunResult is one run of one policy: one repetition of an experiment, or one phase of a session.
type RunResult struct {
	Number  int              `json:"number"`        // of the repetition or phase, from 1
	Order   int              `json:"order"`         // its place among the policies of that repetition, from 1
	Seed    uint64           `json:"seed"`          //
	StartS  float64          `json:"start_seconds"` // since Comparison.Started
	EndS    float64          `json:"end_seconds"`   // since Comparison.Started
	Warmed  bool             `json:"warm_start"`    // the learner had learned before the run began
	Summary metrics.Summary  `json:"latency_stats"`
	Cold    *metrics.Summary `json:"cold,omitempty"`
	Warm    *metrics.Summary `json:"warm,omitempty"`
	Lag     Lag              `json:"generator_lag"`
}

// Lag is how late the load generator sent requests; in a session, over all of it, whoever routed. Where it Lagged, latencies are not to be trusted.
type Lag struct {
	P99MS   float64 `json:"p99_ms"`
	MaxMS   float64 `json:"max_ms"`
	Dropped uint64  `json:"dropped"` // due, but not sent: too many were in flight already
	Lagged  bool    `json:"lagged"`
}

// Window is an equal part of the run.
type Window struct {
	Index       int     `json:"window_index"`  // from 0
	StartS      float64 `json:"window_start"`  // seconds
	EndS        float64 `json:"window_end"`    // seconds
	Throughput  float64 `json:"throughput"`    // successful requests per second, mean over the runs
	MeanMS      float64 `json:"avg_latency"`   // of successful requests; 0 without any
	SuccessRate float64 `json:"success_rate"`  // 0-1; 1 without requests
	Requests    uint64  `json:"request_count"` // completed, failed ones included, all runs
}

// LearningPoint is an equal part of the requests of a run, in the order in which they were due.
type LearningPoint struct {
	Index    int     `json:"window_index"`    // from 0
	Requests uint64  `json:"request_count"`   // in one run, up to the end of this part
	MeanMS   float64 `json:"avg_latency"`     // median over the runs of their means, successful requests
	LowMS    float64 `json:"avg_latency_p25"` // lower quartile over the runs; equal to MeanMS with one run
	HighMS   float64 `json:"avg_latency_p75"` // upper quartile over the runs
	EndS     float64 `json:"timestamp"`       // seconds since the run began, end of this part
}

// TimelinePoint is one second. Servers are in the order of Comparison.Servers.
type TimelinePoint struct {
	EndS        float64   `json:"end_seconds"` // end of the second
	Requests    uint64    `json:"requests"`    // completed in it, failed ones included, all runs
	Failures    uint64    `json:"failures"`
	MeanMS      float64   `json:"mean_ms"` // of successful requests; 0 without any
	P50MS       float64   `json:"p50_ms"`
	P95MS       float64   `json:"p95_ms"`
	P99MS       float64   `json:"p99_ms"`
	Share       []float64 `json:"share"`       // of the second's requests, by server, 0-1
	Utilisation []float64 `json:"utilisation"` // busy worker slots, by server, 0-1; -1 when unknown
}

// CCDFPoint says which share of successful requests was slower than a latency.
type CCDFPoint struct {
	LatencyMS float64 `json:"latency_ms"`
	Slower    float64 `json:"slower"` // 0-1
}

// RegretPoint is the regret summed up to a time, mean over the runs.
type RegretPoint struct {
	AtS     float64 `json:"at_seconds"`
	RegretS float64 `json:"regret_seconds"` // seconds of waiting, summed over requests
}
