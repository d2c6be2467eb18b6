package live

// Regret is how much longer requests are expected to take than at the server that would have been
// best for each, in the true state of the servers at that moment: slots, queues, delays and faults,
// but not the future. Only simulated servers tell the truth. A failure counts for
// simulate.FailureCostMS. A policy that spares the requests behind (gamma) pays some of it on purpose.
type Regret struct {
	Seconds []float64 `json:"seconds_ms" lean:"seconds,keep=300"` // mean of a request in ms, one value a second for the last five minutes, oldest first; 0 without requests
	NowMS   float64   `json:"now_ms"`                             // mean of the last five closed seconds
	PhaseMS float64   `json:"phase_ms"`                           // mean of a request since the policy that routes took over
	TotalS  float64   `json:"total_seconds"`                      // of all requests since the run began, added up, in seconds
}
