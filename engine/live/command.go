package live

import (
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/metrics"
)

// Command is something an operator can ask of a running engine. One that asks for what is so already is
// carried out, and leaves no event.
type Command interface{ command() }

// SetPolicy makes the named policy route from the next request on.
type SetPolicy struct {
	Name string `json:"name"`
}

// ToggleRL switches between round_robin and the chosen learner.
type ToggleRL struct{}

// SetLearner chooses the learner that ToggleRL goes to; if a learner routes now, the new one takes over.
type SetLearner struct {
	Name string `json:"name"`
}

// SetParam changes a parameter ("epsilon", "alpha", "gamma") of a learner.
type SetParam struct {
	Learner string  `json:"learner"`
	Param   string  `json:"param"`
	Value   float64 `json:"value"`
}

// ResetLearner makes a learner forget its table.
type ResetLearner struct {
	Name string `json:"name"`
}

// MaxRate is the highest rate that an operator can offer, in requests per second: a typing error must not
// take the machine down.
const MaxRate = 100_000

// SetRate changes the offered rate, in requests per second, 0-MaxRate.
type SetRate struct {
	Rate float64 `json:"rate_per_second"`
}

// SetPaused pauses or resumes the load.
type SetPaused struct {
	Paused bool `json:"paused"`
}

// SetFault injects a fault into a simulated server, for a time or (0) until cleared. What the
// server suffers already stays, but for the fields that the new fault sets.
type SetFault struct {
	Server string        `json:"server"`
	Fault  fault.Fault   `json:"fault"`
	For    time.Duration `json:"for_ns"`
}

// ClearFaults heals a server; an empty id heals all.
type ClearFaults struct {
	Server string `json:"server"`
}

// DrainServer keeps new requests from a server while those in flight finish, or ends that.
type DrainServer struct {
	Server string `json:"server"`
	Drain  bool   `json:"drain"`
}

// RefreshCertificate reads the proxy's certificate again if its files have changed.
type RefreshCertificate struct{}

// AskWhatIf predicts, in virtual time and beside the run, what each policy would make of the present
// situation. It is answered at once; the prediction follows on Snapshot.WhatIf within a second. One at
// a time: it fails while another runs.
type AskWhatIf struct{}

// AskLookBack predicts what each policy would have made of the last minutes of this run, as AskWhatIf does of the next; the
// prediction follows on Snapshot.LookBack, after a what-if that is running. One at a time.
type AskLookBack struct{}

// Export writes the run summary so far; the event it leaves behind names the folder.
type Export struct{}

// Note leaves an event and changes nothing: what somebody beside the engine has to say, such as who asked
// for what.
type Note struct {
	Kind metrics.EventKind
	Text string
}

// Watch shows another of the balancers that a console is attached to. Only what stands for several engines carries
// it out.
type Watch struct{ Balancer string }

func (SetPolicy) command()          {}
func (ToggleRL) command()           {}
func (SetLearner) command()         {}
func (SetParam) command()           {}
func (ResetLearner) command()       {}
func (SetRate) command()            {}
func (SetPaused) command()          {}
func (SetFault) command()           {}
func (ClearFaults) command()        {}
func (DrainServer) command()        {}
func (AskWhatIf) command()          {}
func (AskLookBack) command()        {}
func (Export) command()             {}
func (RefreshCertificate) command() {}
func (Note) command()               {}
func (Watch) command()              {}
