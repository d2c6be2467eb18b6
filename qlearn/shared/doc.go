// Package shared is the learner of q_network: one small network, shared by all servers, that scores one of them
// at a time. It was trained offline, in virtual time, where the true cost of every server is known; here it is
// only read. What is learned while it runs is what it reads: how each server has been answering.
//
// It is a contextual bandit: the cost of a decision is the whole of what it is judged by, nothing is
// bootstrapped. See package train for how the weights come about.
//
// Like package qlearn, whose words it speaks, it knows no HTTP, no clock, no goroutine and no lock: time
// arrives as an argument, randomness as a *rand.Rand, and who shares a Learner guards it. It keeps to the
// standard library.
package shared
