// Package routing knows the upstreams: the pool with its health polling, ejection and limits and the router that
// asks a policy where a request goes; routing/transport takes it there.
//
// It never decides itself, and answers no client. Goroutines: only Health.Run, which its caller starts and waits for.
package routing
