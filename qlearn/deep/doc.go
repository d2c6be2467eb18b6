// Package deep is the Deep Q-Network of the textbook, online: a network in the place of the joint table, a replay
// buffer and a target network. It is here for what the table's coarse levels hide, and to be compared with: one
// noisy reward a request is little to train a network on, and what it bootstraps on moves. For real use there
// are q_factored and q_network.
//
// Like package qlearn, whose words it speaks, it knows no HTTP, no clock, no goroutine and no lock: randomness
// arrives as a *rand.Rand, and who shares an Agent guards it. It keeps to the standard library.
package deep
