// Package qlearn is tabular reinforcement learning for routing: numbers in, numbers out.
//
// It knows no HTTP, no clock and no goroutine: time arrives as an argument and randomness as a
// *rand.Rand, so every run can be repeated. Types are not safe for concurrent use; the policies
// of package routing that wrap them hold a lock.
package qlearn
