// Package qlearn is tabular reinforcement learning for routing: numbers in, numbers out. It has the joint
// table with its three learners, and the words that all learners share: Table, Stats, Explanation, rewards.
// The learner that keeps a table per server is package factored.
//
// It knows no HTTP, no clock and no goroutine: time arrives as an argument and randomness as a
// *rand.Rand, so every run can be repeated. Types are not safe for concurrent use; the policies
// of package policy that wrap them hold a lock. It imports only the standard library.
package qlearn
