// Package loop is the front of an event loop a processor, for clients in clear text on Linux: a request is read, sent,
// answered and passed on without a goroutine of its own, a read in vain or a wait for anybody. What cannot be done at
// once, or takes its time (a place or a connection that must be waited for, a response that comes in pieces, a server
// or a client that is slow), goes on a goroutine of its own for as long as it takes, as in package stream; what is
// odd is handed over, as there.
//
// A loop's epoll is watched by Go's own: the loop waits like any goroutine, and no thread blocks in a system call. What
// it watches are package unpolled's connections, of which Go's poller knows nothing. They are never touched behind
// their backs: an event names a slot of a table, and one that was for somebody else before is nobody's. Loops
// that meet on a processor take turns there. Serve and Shutdown wait for all goroutines.
package loop
