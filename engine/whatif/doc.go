// Package whatif predicts what each policy would make of a situation: the servers, faults and
// traffic of a moment go into the virtual-time world of package simulate, once for each policy.
//
// What is assumed. Every policy has routed for a warm-up in which the faults of the moment are in
// force; after it they have the time left that they have now, and the horizon begins, over which is
// measured. Queues are those that the policy itself has built up in the warm-up, not those of now. A
// learner starts from a copy of what it has learned; what fades within seconds (speed factors, alarms)
// it learns again in the warm-up. Servers, rate and parameters stay as they are. Beyond that the world
// is that of package simulate.
//
// Every policy is sent the same requests, and equal situations give equal predictions. The work is
// bounded by shortening the horizon, see Extent. The package starts no goroutine, never looks at the
// wall clock, and uses one core at most.
package whatif
