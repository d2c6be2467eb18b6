package live

import "time"

// WhatIf is what virtual time says each policy would make of the situation of a moment.
type WhatIf struct {
	State   WhatIfState   `json:"state"`
	Problem string        `json:"problem"`         // why it failed
	At      time.Duration `json:"at_ns"`           // since the run began: the moment
	Took    time.Duration `json:"took_ns"`         // of processor and waiting for it; so far, while it runs
	Policy  string        `json:"policy"`          // who routed then
	Rate    float64       `json:"rate_per_second"` // requests per second offered then
	Faults  []string      `json:"faults"`          // in force then, "server1 slow x5, 12s left"
	Assumed []string      `json:"assumed"`         // what was assumed beyond that, as sentences
	Past    *Past         `json:"past"`            // what was looked back at; null where the future was asked for
	Prediction
}

// Past is a stretch of the run that lies behind.
type Past struct {
	From     time.Duration `json:"from_ns"`  // since the run began: its first request
	Requests int           `json:"requests"` // looked at
	Routed   []string      `json:"routed"`   // the policies that routed it, in turn
	Was      WhatIfOutcome `json:"was"`      // what became of the requests
	// Grade is how far servers that are not simulated could be told from their answers: "A", "B" or, where nothing is
	// predicted, "C"; "" where they are known. Reasons are for what is not A.
	Grade   string   `json:"grade"`
	Reasons []string `json:"reasons"`
}

// WhatIfState is how far a what-if is.
type WhatIfState string

// The states of a what-if.
const (
	WhatIfRunning WhatIfState = "running"
	WhatIfDone    WhatIfState = "done"
	WhatIfFailed  WhatIfState = "failed" // WhatIf.Problem says why
)

// WhatIfExtent is how much of the future is looked at.
type WhatIfExtent struct {
	Warmup  time.Duration `json:"warmup_ns"`  // before anything is measured
	Horizon time.Duration `json:"horizon_ns"` // measured
	Runs    int           `json:"runs"`       // with other requests each, put together
}

// WhatIfStart is what a learner knows at the beginning.
type WhatIfStart string

// The ways to start.
const (
	StartPlain  WhatIfStart = ""       // nothing to know: no learner
	StartCopied WhatIfStart = "copied" // a copy of what it has learned so far
	StartEmpty  WhatIfStart = "empty"  // its table is too large to copy, or there is none: it has the warm-up to learn
)

// WhatIfRow is what is predicted for one policy.
type WhatIfRow struct {
	Policy        string      `json:"policy"`
	Start         WhatIfStart `json:"start"`
	Reference     bool        `json:"reference"` // it knows the truth: what can be reached, not what can be chosen
	WhatIfOutcome             // over the horizon
	// Now is while all the faults of the moment are still there, from the middle of the warm-up on: what
	// to hold against measurements of the moment.
	Now WhatIfOutcome `json:"now"`
	// Versus is the outcome against that of who routed at the moment, on the same requests.
	Versus WhatIfVersus `json:"versus"`
}

// WhatIfVersus is by how much something is above something else: -0.2 is a fifth less.
type WhatIfVersus struct {
	Mean Range `json:"mean"`
	P99  Range `json:"p99"`
}

// Range is what a number lies in, low then high, with 95 % confidence. The zero value means unknown.
type Range [2]float64

// Known tells whether there is a range.
func (r Range) Known() bool { return r != Range{} }

// Decided tells whether it is known and lies on one side of zero.
func (r Range) Decided() bool { return r[0] > 0 || r[1] < 0 }

// WhatIfOutcome is what becomes of requests.
type WhatIfOutcome struct {
	MeanMS    float64 `json:"mean_ms"`    // of successful requests; 0 when there is none
	P99MS     float64 `json:"p99_ms"`     // likewise
	ErrorRate float64 `json:"error_rate"` // failed share of all requests, 0-1
}

// Prediction is what there is so far.
type Prediction struct {
	WhatIfExtent
	Lasting time.Duration `json:"lasting_ns"` // for which part of the horizon all the faults of the moment are still there
	Total   int           `json:"total"`      // rows when it is complete
	Rows    []WhatIfRow   `json:"rows"`       // who routed first, then in the order of the registry, the reference last
}
