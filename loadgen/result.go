package loadgen

import (
	"net/http"
	"time"
)

// Result is what became of one request that was sent.
type Result struct {
	Seq       uint64    // its place in the schedule, from 1; the gaps are requests dropped or missed
	Tag       int       // what Config.OnSend returned for it
	Intended  time.Time // when it was due
	Sent      time.Time // when it was handed to the transport
	Done      time.Time // when the body had been read to its end (with AnswerBegin: begun), or the request had failed
	Status    int       // HTTP status, 0 when no response arrived
	Err       error     // no response, a broken or overlong body, or a timeout
	Cancelled bool      // cut off because the run ended: neither a success nor a failure
	Bytes     int64     // of the body; 0 with AnswerBegin
	Server    string    // the response's X-Served-By header
}

// Latency is counted from when the request was due, not from when it was sent: the wait of a
// request that its generator sent late is part of what a user would have seen. (Gil Tene, How NOT
// to Measure Latency: coordinated omission.)
func (r Result) Latency() time.Duration { return r.Done.Sub(r.Intended) }

// Lag is how late it was sent.
func (r Result) Lag() time.Duration { return r.Sent.Sub(r.Intended) }

// Failed tells whether the target failed the request: no complete response, or a status of 500 or
// above. A cancelled request is not a failure.
func (r Result) Failed() bool {
	return !r.Cancelled && (r.Err != nil || r.Status >= http.StatusInternalServerError)
}
