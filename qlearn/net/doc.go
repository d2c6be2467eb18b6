// Package net is a small neural network: dense layers, leaky ReLU between them, trained by Adam. It is here so
// that two learners of package policy can be read from top to bottom; for anything larger use a real library.
//
// It keeps to the standard library and knows no clock, no goroutine and no lock. A network that is only read
// may be shared, each reader with a Pass of its own. All randomness comes from a seed and every sum is taken in
// one order, so one seed gives the same weights to the byte on one architecture. Another one may fuse a
// multiplication with an addition, and round otherwise.
package net
