package logs

import (
	"errors"
	"strings"
	"time"

	"slbtui/engine/fit"
)

// alb is the access log of an AWS Application Load Balancer:
//
//	type time elb client:port target:port request target response elb_status target_status ... request_creation_time ...
//
// The time is that of the response, to the µs; the three durations are in ms, and -1 where it did not come so far.
var alb = format{
	name: "alb", resolution: time.Millisecond,
	advice: "aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN \\\n    --attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=BUCKET",
	parse:  parseALB,
}

// albCreated is the field of the request's creation.
const albCreated = 21

func parseALB(line []byte, to []entry) ([]entry, error) {
	f := fields{line}
	var v [albCreated + 1][]byte
	complete := f.take(v[:])
	at, ok := iso(v[1])
	if !ok || !strings.Contains(" http https h2 grpcs ws wss ", " "+string(v[0])+" ") {
		return to, errOther
	}
	if !complete {
		return to, errors.New("the line is cut off")
	}
	e := entry{pool: v[16], server: v[4], upgraded: v[0][0] == 'w', Request: fit.Request{Others: fit.Unknown}}
	request, ok1 := seconds(v[5])
	target, ok2 := seconds(v[6])
	response, _ := seconds(v[7])
	status, ok3 := digits(v[8])
	if !ok3 {
		return to, errors.New("there is no status")
	}
	e.status = status
	e.asks(v[12])
	if string(v[4]) == "-" {
		e.server = nil
	}
	e.Outcome = ended(status)
	if status == 460 { // the client has gone
		e.Outcome = fit.TimedOut
	}
	created, known := iso(v[albCreated])
	switch {
	case ok1 && ok2:
		e.End = at - response
		e.Start = e.End - target - cutOff
		// The two stamps are a thousand times finer than the durations, where they mean the same.
		if exact := created + request; known && (exact-e.Start).Abs() <= 2*time.Millisecond {
			e.Start = exact
		}
	case known: // unanswered: all that is known is when it was given up
		e.Start, e.End = created, at
	default:
		return to, errors.New("neither durations nor the time of the request's creation")
	}
	return append(to, e), nil
}
