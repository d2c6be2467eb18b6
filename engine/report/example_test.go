package report_test

import (
	"fmt"
	"os"
	"time"

	"slbtui/engine/metrics"
	"slbtui/engine/report"
)

// Requests become lines while they happen.
func ExampleRequestWriter() {
	w, err := report.NewRequestWriter(os.Stdout)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = w.Write(report.Request{
		ID: 1, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Policy: "q_factored", Server: "server1",
		Latency: 51_234 * time.Microsecond, Status: 200, Success: true, Part: report.PartCold, Repetition: 1, InFlight: 2,
	})
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// request_id,timestamp,routing_strategy,selected_server,response_time_ms,status_code,success,intended_ms,phase,repetition,in_flight
	// 1,2026-01-02T03:04:05.000000Z,q_factored,server1,51.234,200,true,0.000,cold,1,2
}

// A gain is told in percent of the baseline.
func ExampleImprove() {
	baseline := report.PolicyResult{Policy: "round_robin", Summary: metrics.Summary{MeanMS: 80, CV: 0.5}}
	learner := report.PolicyResult{Policy: "q_factored", Summary: metrics.Summary{MeanMS: 60, CV: 0.4}}
	gain := report.Improve(baseline, learner)
	fmt.Printf("mean -%.0f %%, variation -%.0f %%, against %s\n", gain.LatencyReductionPercent, gain.StabilityPercent, gain.Baseline)
	// Output: mean -25 %, variation -20 %, against round_robin
}
