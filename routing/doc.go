// Package routing decides where a request goes and takes it there: the upstream pool with its
// health polling, the router that asks a policy, and the HTTP proxy handler.
//
// The handler knows nothing of learning. Goroutines: only Health.Run, which its caller starts and waits for.
package routing
