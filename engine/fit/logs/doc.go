// Package logs reads access logs of load balancers: one file a format. Of a line it keeps when a server was
// given the request, when it had answered, which server, and how it ended; nothing of clients, paths or headers.
//
// Lines that are not understood are counted, and the first is named. What cannot be a log of the format is an
// error of the form "file:line: problem". Lines are at most a mebibyte, requests at most ten million. It starts
// no goroutine.
package logs
