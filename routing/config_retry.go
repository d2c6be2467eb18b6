package routing

import (
	"fmt"
	"strings"
)

// RetryOn is the set of failures after which another server is tried.
type RetryOn struct {
	Connect bool // no connection: nothing was sent, so that any request may go elsewhere
	Reset   bool // the connection broke, or made no sense, before a response header: idempotent requests only
	Timeout bool // no response header in time: idempotent requests only
	Status  bool // the server answered 502, 503 or 504: idempotent requests only
}

// ParseRetryOn reads a list such as "connect, reset, timeout, 5xx"; an empty one is valid.
func ParseRetryOn(list string) (RetryOn, error) {
	var on RetryOn
	for word := range strings.SplitSeq(list, ",") {
		switch word = strings.TrimSpace(word); word {
		case "connect":
			on.Connect = true
		case "reset":
			on.Reset = true
		case "timeout":
			on.Timeout = true
		case "5xx":
			on.Status = true
		case "":
		default:
			return RetryOn{}, fmt.Errorf("retry on %q: there are connect, reset, timeout and 5xx", word)
		}
	}
	return on, nil
}
