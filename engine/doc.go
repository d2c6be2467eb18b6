// Package engine composes the simulated servers, the proxy and the load generator into one run
// and is the only owner of their goroutines: Run starts them and returns after all have returned.
//
// Its face towards a screen is plain data: the latest Snapshot, and Do for commands. The engine
// never calls the screen.
package engine
