// Package fit tells from a balancer's log what its servers are like, and from that what other policies would have
// made of the same requests.
//
// Of each server: service time and spread, how many requests it serves at once (slots) or whether it serves all
// at once (sharing), what of the response time holds no slot, and the periods in which it was slow, failing, stalled
// or out of rotation. The slots are profiled: with every arrival and departure known and first in first out, a
// number of slots says when each request was begun, and its likelihood is that of the services which follow.
//
// A model that reproduces the mean and p99 of a log may still be wrong, since both follow from the services alone. So
// it has to show how response times depend on the requests in flight, too (Check). What the log never saw it cannot
// know: slots that were never full are unknown, and predictions are ranges then.
//
// Everything is a function of the log and a seed. The package reads no file and no clock; Predict starts
// goroutines and waits for them.
package fit
