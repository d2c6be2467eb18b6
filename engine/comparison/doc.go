// Package comparison runs policies in virtual time side by side, every one on the same traces, and sums up
// what came of it: means over the seeds, paired differences, and the tables to read (Markdown, a ranking for a
// terminal, JSON). Package simreport makes folders and charts of them.
//
// It knows scenarios and results of package simulate, and nothing of how its world works. Compare alone
// starts goroutines, and waits for them.
package comparison
