// Package experiment compares policies on real HTTP: plan, run, compare.
//
// For each repetition and policy a fresh engine is made: simulated servers, proxy and load on
// loopback sockets of their own. Within a repetition every policy is sent the same trace: a request
// is due at the same instant, and brings the same size and the same luck along in its header,
// whichever server it reaches (common random numbers). So results can be paired request by request.
// The order of the policies is rotated from repetition to repetition, and the first requests of a
// run, in which a learner knows nothing, are reported apart.
//
// A balancer that runs elsewhere can take part by its URL, driven by the same traces.
//
// What it never does: trust a generator that lagged or had to drop requests. Such results are
// marked invalid, with the reason. What it may lose: the unfinished run when it is interrupted.
//
// Runs follow one another, so they cannot disturb each other. Memory grows with the number of
// requests, some 32 bytes each, and that is limited (see Plan). Everything runs inside Run, which
// returns when all goroutines have ended.
package experiment
