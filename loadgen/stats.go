package loadgen

import "time"

// LagThreshold is how late requests may be sent (99th percentile of the last seconds) before the
// generator calls itself Lagging, and before a single request counts as late.
const LagThreshold = 20 * time.Millisecond

// Stats is the generator's account since the start of the run.
//
// Scheduled = Sent + Dropped, and Sent = Completed + Cancelled + InFlight.
type Stats struct {
	Rate      float64 `json:"rate_per_second"`      // requests per second, as set
	Intensity float64 `json:"intensity_per_second"` // requests per second due now: Rate times the shape's factor; 0 while paused or finished, and where there is no rate
	Paused    bool    `json:"paused"`
	Finished  bool    `json:"finished"` // no more requests are due: the duration is over, or Run's context has ended

	Scheduled uint64 `json:"scheduled"` // were due
	Sent      uint64 `json:"sent"`
	Completed uint64 `json:"completed"` // failed ones included, cancelled ones not
	Failed    uint64 `json:"failed"`    // no complete response, or a status of 500 or above
	Dropped   uint64 `json:"dropped"`   // due while MaxInFlight were in flight, so not sent
	Cancelled uint64 `json:"cancelled"` // cut off at the end of the run
	Missed    uint64 `json:"missed"`    // due while the generator stood still (see Gap), so neither sent nor counted as Scheduled
	Late      uint64 `json:"late"`      // sent more than LagThreshold after they were due
	InFlight  int    `json:"in_flight"`
	Bytes     int64  `json:"bytes"` // of response bodies

	// ByStatus counts the complete responses by status ("200"), ByError the requests without one by
	// Reason. Both together are Completed.
	ByStatus map[string]uint64 `json:"by_status"`
	ByError  map[string]uint64 `json:"by_error"`

	StoodStill time.Duration `json:"stood_still_ns"` // in all gaps

	LagP50MS       float64 `json:"lag_p50_ms"` // how long after they were due requests were sent
	LagP99MS       float64 `json:"lag_p99_ms"`
	LagMaxMS       float64 `json:"lag_max_ms"`
	RecentLagP99MS float64 `json:"recent_lag_p99_ms"` // of the last five seconds
	Lagging        bool    `json:"lagging"`           // RecentLagP99MS is above LagThreshold: latencies are not to be trusted

	Latency LatencySummary `json:"latency"`
}

// LatencySummary describes the latencies of the successful requests, counted from when they were
// due, in ms. Mean, Std, Min and Max are exact; the percentiles come from an HDR histogram of
// three significant digits, in which more than ten minutes count as ten minutes.
type LatencySummary struct {
	Count  uint64  `json:"count"`
	MeanMS float64 `json:"mean_ms"`
	StdMS  float64 `json:"std_ms"` // of the population
	MinMS  float64 `json:"min_ms"`
	MaxMS  float64 `json:"max_ms"`
	P50MS  float64 `json:"p50_ms"`
	P90MS  float64 `json:"p90_ms"`
	P95MS  float64 `json:"p95_ms"`
	P99MS  float64 `json:"p99_ms"`
	P999MS float64 `json:"p999_ms"`
}
