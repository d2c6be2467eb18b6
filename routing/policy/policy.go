// Package policy has everyone who can choose a server for a request, and the seam they stand behind: a
// file a policy with its own Spec, and a line in All.
//
// A policy sees a View and answers with a server. It knows nothing of HTTP, of pools or of why a server may
// not be picked; it never blocks and reads no clock: now comes in the View, randomness from a seed. So the
// same code runs under the real proxy and in virtual time. No goroutines.
package policy

import "time"

// NoServer is what Pick returns when the view holds no available server.
const NoServer = -1

// Policy chooses an upstream for each request and learns from what became of it.
// Implementations are safe for concurrent use, never block, and take time and randomness
// from outside, so the same value runs under the real proxy and in virtual time.
type Policy interface {
	// Name is the policy's key in the registry, such as "round_robin".
	Name() string
	// Pick returns the index of an available server, or NoServer when there is none, and the
	// token that Done wants when the request has ended. It does not keep v.
	Pick(v View) (server int, t Token)
	// Done reports what became of the request behind t. A token is completed at most once;
	// completing it twice, or never, must corrupt nothing.
	Done(t Token, o Outcome)
}

// Watcher is shown what others decide, and what became of it: a Learner, or who only counts. It is safe for
// concurrent use and never blocks.
type Watcher interface {
	// Observe is told of another policy's decision to send a request to server. It returns the
	// token for Done and the server that the watcher itself would have chosen without exploring.
	Observe(v View, server int) (t Token, would int)
	// Done reports what became of the request behind t, as to a Policy.
	Done(t Token, o Outcome)
}

// Learner is a policy that keeps learning while another policy routes: Q-learning is off-policy,
// so it can watch decisions it did not take.
type Learner interface {
	Policy
	Watcher
	// Params lists what can be tuned while it runs, with the values of now.
	Params() []Param
	// SetParam changes one of Params. It fails on an unknown name or a value out of range.
	SetParam(name string, value float64) error
	// Reset forgets all that was learned and keeps the parameters.
	Reset()
	// Inherit takes over what old has learned, as far as ids, the servers of this learner, are among
	// oldIDs, those of old; both are in the order of View.Servers. Parameters are not learned. The
	// error says why this learner starts anew instead: old is of another kind, or learned of other
	// servers what cannot be told apart by server. old may go on learning meanwhile.
	Inherit(old Learner, ids, oldIDs []string) error
}

// ResponseReader is a Policy or Watcher that looks at ServerView.ResponseMS. Where none does, the router
// does not work it out.
type ResponseReader interface{ ReadsResponses() }

// ReadsResponses tells whether who, a Policy or a Watcher, is a ResponseReader.
func ReadsResponses(who any) bool {
	_, reads := who.(ResponseReader)
	return reads
}

// View is what a policy sees at the instant of a decision.
type View struct {
	// Now is the time since the world began (engine start, or virtual time zero). It never runs backwards.
	Now time.Duration
	// Servers is indexed by server and valid only during the call.
	Servers []ServerView
	// Foreign is how many requests of other balancers each server is thought to have in flight, where
	// they tell: a mean that fades in, and not their last counts, after which all would run to the same
	// server until the next ones. nil when nobody tells. It is valid only during the call.
	Foreign []float64
	// Unheard is the share of those means that no report has filled yet, 0-1: they begin at nothing.
	Unheard float64
}

// ServerView is the balancer's own fresh knowledge of one server, and the last that health polling reported.
type ServerView struct {
	// InFlight counts the requests handed to the server and not yet completed, from the moment
	// of the pick (not of the connection: a server slow to connect must not look idle).
	InFlight int
	// Streaming counts those of them whose answer has begun and goes on (routing.SettleAfter): they wait
	// for nothing, and mostly keep no worker from others.
	Streaming int
	// OldestAge is how long the oldest of those has been waiting for the server (for its answer to begin, or
	// for the rest of it), without a break in which its client was waited for; 0 when there is none.
	OldestAge time.Duration
	// Available tells whether the server may be picked now. Policies need not know why it may not.
	Available bool
	// Reachable is false while health polling gets no answer. Such a server counts as loaded, not idle.
	Reachable bool
	// CPU is the utilisation the server last reported, in percent (0-100), or -1 when it reports none.
	CPU float64
	// ResponseMS is the recent average response time in ms as the balancer saw it. It fades with
	// the time since the last answer, so an abandoned server recovers. 0 when nothing is known. It is
	// the one reading that costs something: only a ResponseReader may count on it.
	ResponseMS float64
	// Weight is the configured share for weighted policies, above 0; 1 unless configured.
	Weight float64
}

// Token ties a completion to its decision. Its fields beyond Server belong to the policy that made it.
type Token struct {
	Server   int           // index of the server the request went to
	At       time.Duration // View.Now of the decision
	Row      int           // the policy's own: a table row, a load level
	Expected float64       // the policy's own: what it expected, in ms
	Serial   uint64        // the policy's own: tells a stale token (after Reset) from a live one; 0 is never live
}

// Failure says where a request without a usable response failed.
type Failure uint8

// The kinds of failure.
const (
	FailureNone    Failure = iota // a response arrived, whatever its status
	FailureConnect                // no connection: refused, unreachable, timed out; nothing was sent
	FailureTimeout                // sent, but no response in time
	FailureRemote                 // the server broke the exchange: reset, malformed, truncated
	FailureLocal                  // the balancer's own fault; says nothing about the server
)

// Outcome is what became of one request (one attempt of it, where it was retried).
type Outcome struct {
	Now       time.Duration // on the clock of View.Now
	Latency   time.Duration // what the server is judged by: from the pick to the last byte of the response (the first, if it streams: routing.SettleAfter), without Waited
	Waited    time.Duration // of that time, what went by waiting for the client: for its body, and until it took the response
	Status    int           // HTTP status, 0 when no response arrived
	Failure   Failure
	Cancelled bool // the client left first: not a failure of the server, and no measurement either
	Early     bool // the answer began before the request's end: whom it waited for nobody can tell, so it is no measurement
}

// Failed tells whether the server failed the request: no usable response, or a status of 500 or above. 501
// and 505 are answers: they say what the application doesn't do, whoever asks, and any client can ask for it.
func (o Outcome) Failed() bool {
	if o.Cancelled || o.Failure == FailureLocal {
		return false
	}
	return o.Failure != FailureNone || o.failing()
}

func (o Outcome) failing() bool {
	return o.Status >= 500 && o.Status != 501 && o.Status != 505
}

// Refused tells whether the server answered that it won't: with a status of 400 or above that is no failure.
// Whether that is the client's doing or the server's, one answer does not tell. How fast it came tells
// nothing at all: it would make a server that turns everything down the fastest there is.
func (o Outcome) Refused() bool { return o.answered() && o.Status >= 400 }

// Measured tells whether Latency is a service time to learn from: a complete response of a
// server that neither failed nor refused.
func (o Outcome) Measured() bool { return o.answered() && !o.Early && o.Status < 400 }

func (o Outcome) answered() bool {
	return !o.Cancelled && o.Failure == FailureNone && !o.failing()
}

// Param is a number of a learner that an operator may change while it runs.
type Param struct {
	Name  string  `json:"name"`  // "epsilon", "alpha" or "gamma"
	Help  string  `json:"help"`  // one line: what it does, in the learner's own terms
	Value float64 `json:"value"` // now
	Min   float64 `json:"min"`   // smallest allowed
	Max   float64 `json:"max"`   // largest allowed
	Step  float64 `json:"step"`  // one key press
}
