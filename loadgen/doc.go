// Package loadgen is an open-loop HTTP load generator: an arrival process says when each request
// is due, whatever became of those before, and latency is counted from that time. A slow target
// therefore shows as latency instead of slowing the traffic down (no coordinated omission).
//
// What it may lose, it counts: a request that is due while MaxInFlight are under way is dropped,
// never queued; a request that is sent late keeps its intended time, and its lateness goes into
// the lag statistics. When those say Lagging, the machine was too busy to measure and the
// latencies are not to be trusted.
//
// A closed loop of users (Config.Users) is offered under its own name, for comparison with tools
// that have nothing else.
//
// The arrival processes ([Arrivals], [Shape]) are pure: no clock, no goroutine. The same code
// drives a simulation in virtual time.
//
// The package never retries, never follows a redirect, never uses a proxy of the environment and
// keeps no results: they go to Config.OnResult and into histograms of fixed size.
//
// [Generator.Run] owns every goroutine: the scheduler is the caller's own, each request under way
// has one (in a closed loop, each user), and all have ended when Run returns.
package loadgen
