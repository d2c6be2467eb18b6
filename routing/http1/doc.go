// Package http1 is a lean HTTP/1.1 client for one server: the half of the proxy that faces an
// upstream, and the load generator's way to the proxy.
//
// It does the common case only: a request without a body, or with a small one that is in memory,
// over a kept connection in clear text. A request is written and its response read on the caller's
// goroutine, where http.Transport has two goroutines a connection and passes every request through
// channels: that costs more than everything else a proxy does (docs/performance.md). Whatever is
// unusual (Plain tells) is for http.Transport. Heads are parsed and headers written by net/http, so
// what is refused or cleaned there is here, too (RFC 9112), and the little that it lets through although
// others read it in another way.
//
// Whoever passes a response on is told before a read of it would wait (Request.Waiting; Socket does it for
// other transports), so that he can send what has come, and only then.
//
// It starts no goroutine. It never follows redirects, adds no header of its own, decompresses nothing.
package http1
