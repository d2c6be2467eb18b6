package routing

import "time"

// Which answers are taken for streams.
const (
	settleAtLeast = 250 * time.Millisecond
	settleTimes   = 3 // times the wait for the beginning
)

// SettleAfter tells how long after its beginning an answer that still goes on is settled: it took
// firstByte, from the pick to the header, for the answer to begin. From then on the request counts as
// in flight, but ages no more, and policies learn firstByte as its time. How long a download or an event stream
// lasts is the affair of who reads it, and says nothing of the wait that the next request has to expect: with the time
// to the last byte of 30 s downloads in its cells, a learner avoids the server that it just used. An answer
// that ends before was no stream, and its time is that to its last byte.
//
// The bound leaves room for a body that takes a while because its server is slow or shared.
func SettleAfter(firstByte time.Duration) time.Duration {
	return max(settleAtLeast, settleTimes*firstByte)
}
