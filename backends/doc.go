// Package backends simulates web servers: real HTTP listeners whose requests take worker slots, wait
// in a queue and last a drawn service time, and that can be made slow, late, faulty, stuck or dead
// while they run.
//
// # Service model
//
// A request takes one of Workers slots, or waits for one in a strict FIFO queue that it leaves when
// its client goes away. The slot is held for a lognormal service time with mean BaseDelayMS times the
// slowdown of the moment service starts: a G/G/c queue. Service that has begun runs to its end even
// if the client has left, as in most application servers. Time passes on timers; no CPU is burned,
// so that servers that share a machine do not slow each other down.
//
// cpu_utilization is therefore no measurement of a processor. It is the share of busy worker slots
// at the instant of the question, in percent.
//
// The service time may be Pareto instead (Config.Pareto), and the workers shared by all requests instead of
// queued for (Config.Sharing). A server with a limit refuses what is above it, like a remote API or one that
// sheds load (Config.Limit). An answer may stream on after its beginning without holding a worker.
//
// A request may bring the luck of its own along, and its class: see [SizeHeader], [LuckHeader],
// [FactorHeader], [HoldHeader] and [WholeHeader].
//
// # What it never does
//
// It does not route, retry, log to standard error, or know who sends the requests. /health tells the
// server's own view and never waits for a slot; only a crash takes it away.
//
// # Goroutines
//
// Serve owns every goroutine and timer of a server and returns after all have ended.
package backends
