// Package unpolled has connections that Go's poller does not know until somebody waits for one of them. An event loop
// with an epoll of its own has no use for the poller, which would wake a thread for each of the loop's events; but what
// turns out to take its time goes on as any net.Conn does. Linux only.
package unpolled
