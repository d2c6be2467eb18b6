package proxy

import "slbtui/routing/policy"

// RetryReason is why a request was sent once more.
type RetryReason uint8

// The reasons.
const (
	RetryConnect RetryReason = iota // no connection came about, or the server saw nothing of the request
	RetryTimeout
	RetryReset  // the server broke off
	RetryStatus // the answer was 502, 503 or 504
	RetryStale  // the kept connection was dead: to the same server again
	retryReasons
)

var retryWords = [retryReasons]string{"connect", "timeout", "reset", "status", "stale"}

func (r RetryReason) String() string { return retryWords[r] }

// Retries counts them by reason.
type Retries [retryReasons]uint8

// because counts one more attempt.
func (r *Retries) because(reason RetryReason) {
	if r[reason] < 255 {
		r[reason]++
	}
}

// retryReason is why a request is sent again after f, as mayRepeat lets it.
func retryReason(f Fault) RetryReason {
	switch {
	case f.unsent:
		return RetryConnect
	case f.failure == policy.FailureTimeout:
		return RetryTimeout
	}
	return RetryReset
}
