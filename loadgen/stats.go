package loadgen

import "time"

// LagThreshold is how late requests may be sent (99th percentile of the last seconds) before the
// generator calls itself Lagging, and before a single request counts as late.
const LagThreshold = 20 * time.Millisecond

// Stats is the generator's account since the start of the run.
//
// Scheduled = Sent + Dropped, and Sent = Completed + Cancelled + InFlight.
type Stats struct {
	Rate      float64 // requests per second, as set
	Intensity float64 // requests per second due now: Rate times the shape's factor; 0 while paused or finished, and where there is no rate
	Paused    bool
	Finished  bool // no more requests are due: the duration is over, or Run's context has ended

	Scheduled uint64 // were due
	Sent      uint64
	Completed uint64 // failed ones included, cancelled ones not
	Failed    uint64 // no complete response, or a status of 500 or above
	Dropped   uint64 // due while MaxInFlight were in flight, so not sent
	Cancelled uint64 // cut off at the end of the run
	Late      uint64 // sent more than LagThreshold after they were due
	InFlight  int
	Bytes     int64 // of response bodies

	LagP50MS       float64 // how long after they were due requests were sent
	LagP99MS       float64
	LagMaxMS       float64
	RecentLagP99MS float64 // of the last five seconds
	Lagging        bool    // RecentLagP99MS is above LagThreshold: latencies are not to be trusted

	Latency LatencySummary
}

// LatencySummary describes the latencies of the successful requests, counted from when they were
// due, in ms. Mean, Std, Min and Max are exact; the percentiles come from an HDR histogram of
// three significant digits, in which more than ten minutes count as ten minutes.
type LatencySummary struct {
	Count  uint64
	MeanMS float64
	StdMS  float64 // of the population
	MinMS  float64
	MaxMS  float64
	P50MS  float64
	P90MS  float64
	P95MS  float64
	P99MS  float64
	P999MS float64
}
