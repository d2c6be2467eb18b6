// Package engine composes the simulated servers, the proxy and the load generator into one run
// and is the only owner of their goroutines: Run starts them and returns after all have returned.
//
// The Engine puts together parts that own what they work with: the frontend its clients, the balancer of the
// moment who routes, simulated the servers and their faults, load the traffic, the desk what-ifs, the
// sampler what a picture remembers, the journal clock and events. One goroutine, the control, carries out all
// orders.
//
// Its face towards a screen is plain data: the latest Snapshot, and Do for commands. The engine
// never calls the screen.
package engine
