// Package score has the policies that people write themselves in one line, such as
//
//	ewma_ms * (in_flight + 1) + 2000 * failure_rate
//
// The server with the lowest score gets the request. What an expression may read is in Variables, what it may
// call in Functions; there is no I/O, no state and no loop in it, so a decision costs no more than the
// expression is long, once for each server.
//
// github.com/expr-lang/expr reads the text. Its virtual machine is left out: it boxes every number, and took
// 3 us and 24 allocations to work out the example for three servers. Functions made from the same syntax tree
// allocate nothing, and a whole decision with its outcome takes 0.6 us (BenchmarkPolicy of package policy).
// They know numbers, truths and texts, so what does not fit together is found when they are made and not when
// a request waits.
package score
