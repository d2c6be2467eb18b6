package simulate

import (
	"net/http"
	"time"
)

// bucket is a token bucket of one second's worth, full at first: a server with a limit serves a request
// for each token, and refuses those for which there is none.
type bucket struct {
	tokens float64
	filled time.Duration // up to when
}

func newBucket(limit float64) bucket { return bucket{tokens: depth(limit)} }

// depth is how many tokens a bucket holds: below 1 nothing would ever be served.
func depth(limit float64) float64 { return max(1, limit) }

// take takes a token, if there is one.
func (b *bucket) take(now time.Duration, limit float64) bool {
	b.tokens = min(depth(limit), b.tokens+limit*(now-b.filled).Seconds())
	b.filled = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// has tells whether there is a token.
func (b bucket) has(now time.Duration, limit float64) bool { return b.take(now, limit) }

// refusal is the status of what is above the limit.
func (v Server) refusal() int {
	if v.LimitStatus == 0 {
		return http.StatusTooManyRequests
	}
	return v.LimitStatus
}

func (v Server) validateLimit() error {
	switch {
	case !(v.Limit >= 0 && v.Limit <= 1e6):
		return problem("limit", "%v is not within 0-1e6 requests/s (0 is no limit)", v.Limit)
	case v.LimitStatus != 0 && (v.LimitStatus < 400 || v.LimitStatus > 599):
		return problem("limit_status", "%d is not a status within 400-599", v.LimitStatus)
	case v.LimitStatus != 0 && v.Limit == 0:
		return problem("limit_status", "nothing is refused without a limit: give limit, too")
	}
	return nil
}
