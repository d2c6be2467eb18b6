// Package train makes the network of q_network: offline, in virtual time, over scenarios drawn at random.
//
// The method is DAgger: the network that is being trained decides, so that it sees the situations that its own
// mistakes lead to, and who knows the truth says what every server would have cost. In the first round, when
// the network knows nothing, the truth decides. Each round adds its decisions to those before, and the
// network is trained on all of them. Ross, Gordon and Bagnell, "A reduction of imitation learning and
// structured prediction to no-regret online learning", AISTATS 2011.
//
// A label is a marginal cost: what one more request is expected to take there, and the delay that it imposes
// on the others (from simulate.Truth). So every decision has a label for each server, where a learner online has one
// noisy outcome of the server it chose.
//
// Equal configurations give equal weights, to the byte on one architecture, on any number of cores. Only Run
// and Evaluate start goroutines, and they wait for them.
package train
