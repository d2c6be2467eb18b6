// Package factored is the learner of q_factored: a table with a row per number of requests in flight and a
// column per server, so that it stays small however many servers there are.
//
// Like package qlearn, whose words it speaks, it knows no HTTP, no clock, no goroutine and no lock: time
// arrives as an argument, randomness as a *rand.Rand, and who shares a Learner guards it. It keeps to the
// standard library.
package factored
