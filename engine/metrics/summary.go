// Package metrics records what happened to requests and sums it up. The live panes and the
// exported files read the same Summary, so they cannot disagree.
package metrics

import "time"

// Summary describes a set of requests. Latencies are of successful requests only, in ms;
// failures are counted apart. Percentiles come from an HDR histogram with three significant digits.
type Summary struct {
	Requests    uint64  `json:"requests"` // completed, failed ones included
	Failures    uint64  `json:"failures"`
	Abandoned   uint64  `json:"abandoned,omitempty"` // of Failures: the client waited no longer
	MeanMS      float64 `json:"mean"`
	P50MS       float64 `json:"p50"`
	P90MS       float64 `json:"p90"`
	P95MS       float64 `json:"p95"`
	P99MS       float64 `json:"p99"`
	P999MS      float64 `json:"p999"`
	StdMS       float64 `json:"std"`
	MinMS       float64 `json:"min"`
	MaxMS       float64 `json:"max"`
	CV          float64 `json:"coefficient_of_variation"` // std/mean, 0 when nothing was measured
	SuccessRate float64 `json:"success_rate"`             // 0-1; 1 when nothing was requested
	Throughput  float64 `json:"throughput"`               // successful requests per second of Elapsed
	ElapsedS    float64 `json:"elapsed_seconds"`
}

// TailPoint is a point of a complementary cumulative distribution.
type TailPoint struct {
	LatencyMS float64
	Slower    float64 // share of the successful requests that took longer, above 0, at most 1
}

// Phase is the time during which one policy routed.
type Phase struct {
	Number    int           `json:"number"` // 1 for the first
	Policy    string        `json:"policy"`
	Learner   bool          `json:"learner"`
	WarmStart bool          `json:"warm_start"` // the learner had learned in shadow, or in an earlier phase
	Updates   uint64        `json:"updates_at_start,omitempty"`
	Start     time.Duration `json:"start_ns"` // since the run began
	End       time.Duration `json:"end_ns"`   // since the run began; now, while it is the current phase
	// StoodStill is for how long of it the load generator stood still. Where that is above 0, latencies contain it,
	// and the phase is not to be compared with another.
	StoodStill time.Duration     `json:"stood_still_ns,omitempty"`
	Summary    Summary           `json:"latency_stats"`
	ByServer   map[string]uint64 `json:"server_distribution"` // requests answered, per server id
}

// Second is one second of the run, closed: what the charts draw.
type Second struct {
	At       time.Duration  `json:"at_ns"` // since the run began: end of the second
	Phase    int            `json:"phase"` // Phase.Number in force when it closed
	Requests uint64         `json:"requests"`
	Failures uint64         `json:"failures"`
	P50MS    float64        `json:"p50_ms"` // 0 when nothing succeeded in it
	P95MS    float64        `json:"p95_ms"`
	P99MS    float64        `json:"p99_ms"`
	MeanMS   float64        `json:"mean_ms"`
	Servers  []ServerSecond `json:"servers"` // indexed by server
	// Latencies counts the successes by how long they took, bucket by bucket: see BucketMS. Those after the
	// last that has any are left out.
	Latencies []uint32 `json:"latency_counts,omitempty"`
}

// ServerSecond is one server's part of a Second, as the proxy saw it.
type ServerSecond struct {
	Requests    uint64  `json:"requests"`
	Failures    uint64  `json:"failures"`
	P95MS       float64 `json:"p95_ms"`
	MeanMS      float64 `json:"mean_ms"`
	InFlight    int     `json:"in_flight"`
	Utilisation float64 `json:"utilisation"` // share of busy worker slots, 0-1; -1 when unknown
}
