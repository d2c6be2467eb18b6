// Package report writes results to files. Every format is a function of an io.Writer and the
// result, so a file, the screen and a test share one path.
package report
