// Package lookback says what each policy would have made of the last minutes of a run: from a Ring of its latest
// requests, in the lab in which a log is fitted.
//
// Servers that are simulated are known, and of the requests only the sizes are read; others are fitted (package
// fit), with a grade that says how far to trust it. Every policy is given the same requests, when they came. Learners
// begin with a copy of what they know now, so that they have seen these minutes before.
//
// The Ring is the only part that the path of a request sees: one lock and a copy of 64 bytes. Its memory is bounded.
// The package starts no goroutine and reads no clock.
package lookback
