// Package routing decides where a request goes and takes it there: the upstream pool with its
// health polling, the policies, and the HTTP proxy handler.
//
// A policy sees a View and answers with a server; it knows nothing of HTTP. The handler knows
// nothing of learning. Goroutines: only Health.Run, which its caller starts and waits for.
package routing
