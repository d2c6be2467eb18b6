// Package hostile has tests alone. They send bytes that no honest client would to a running proxy
// and look at the bytes that arrive behind it: one request in is at most one request upstream, each
// of those can be read in one way only, and the connection stays in step.
package hostile
