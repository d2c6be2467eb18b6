// Package simulate is the virtual-time laboratory: the same policy.Policy values that run under
// the real proxy, in a discrete-event world where a minute takes milliseconds and every policy is
// sent the same trace.
//
// The world. A server has worker slots (0 is unlimited), a FIFO queue and lognormal or Pareto service whose
// mean is its base delay times the slowdown in force when the service starts, times the factor of the
// request's class; or it shares its workers among all its requests (Sharing). One with a limit refuses what
// is above it (bucket). An answer of a class that streams goes on after its beginning (streams.go). The keys of a
// scenario are explained in docs/scenarios. Faults:
//
//	slow      multiplies the service times that start meanwhile
//	errors    this share of requests gets a 500 after 1 ms, without taking a slot
//	stall     accepts and answers nothing until the fault ends; health polling sees nothing
//	crash     cuts what is there, refuses what comes (after 1 ms); the balancer retries a refused
//	          request once, on another server, and never one that was sent
//	delay_ms  added to every answer, holding no slot
//	out       takes the server out of rotation: no new requests, nothing fails
//	cut       between two zones: what is on its way is lost, there and back, and nobody says so; a stream that
//	          has begun outlives it
//
// Faults of one kind that overlap on a server multiply (slow), add up (delay_ms) or the worst
// counts (errors). A client gives up 10 s (ClientTimeout) after the request was due; a server drops such a request
// when it would start it, but finishes what it has begun.
//
// The balancer. Health is polled once a second, first at half a second; two polls without an
// answer take a server out and two with one bring it back (rise 2, fall 2; refused requests are not
// counted). A report says how busy the slots were since the last one and reaches the policies
// health_age later. A server that is down at time zero starts out of rotation. In-flight, the
// oldest age and the fading average are the balancer's own and fresh. A server that fails its requests
// is ejected only where the scenario says so (Ejection), so that policies are seen by themselves. With several balancers each
// has its own policy and sees only its own traffic; requests are dealt to them at random. They may tell
// each other what they have in flight (ShareEvery), which a policy sees as View.Foreign. Between a balancer in one
// zone and a server in another lies a round trip (ZoneRTT), half of it on each way (atlas); where zones may be cut
// off from each other, each balancer has its own health. Those of a zone share, and count each other.
//
// Common random numbers: when a request is due, its size and its luck belong to the request, so
// they are the same whatever a policy does, and differences between policies can be paired.
//
// Latency counts from the instant a request was due to the beginning of its answer. Failures, a status of 400
// or above among them, are counted apart and enter no latency. Every request due within the scenario's duration counts; the world runs on until the
// last one has ended. Equal arguments give equal results, bit for bit, on any number of cores.
//
// The package never looks at the wall clock and starts no goroutine.
package simulate
