package fit

import "time"

// Outcome is how a request ended.
type Outcome uint8

// The outcomes.
const (
	OK       Outcome = iota
	Failed           // by the server: a status of 500 or above, a connection that broke
	TimedOut         // somebody had no patience left, client or balancer: the server may have been about to answer
)

// Unknown stands for a number that a log does not tell.
const Unknown = -1

// Request is what of a line of a log is kept: nothing of who asked, and for what.
type Request struct {
	Start   time.Duration // handed to the server, since 1970
	End     time.Duration // answered, since 1970
	Server  int32         // index into Log.Servers
	Others  int32         // in flight there when it ended, itself left out, as the balancer counted them; or Unknown
	Outcome Outcome
	// Balancer handed it over: from 0.
	Balancer uint16
}

// Took is the response time.
func (r Request) Took() time.Duration { return r.End - r.Start }

// Log is what was read of one balancer's log.
type Log struct {
	Format     string
	Resolution time.Duration // of its stamps
	Policy     string        // as its lines name it; "" where they do not
	Servers    []string      // in the order of their addresses
	Requests   []Request     // by Start

	NotUnderstood int    // lines
	FirstProblem  string // file, line and problem of the first of them; "" when there is none
	Unserved      int    // requests that no server got
	Upgraded      int    // connections that became something else, such as websockets, or took longer than asked for: left out
	Filtered      int    // requests that were not asked for, though the servers answered them
	Held          int    // requests that waited in the balancer before a server got them
	Retried       int    // requests of which the log names the last attempt only
	OtherPools    []string
	Balancers     int  // side by side, whose clocks may differ
	Whole         bool // it is known to be: whoever wrote it was there

	around []Request // those of the log that this is a part of, and others beside it; nil for one that is whole
	before int       // of these before this part
}
