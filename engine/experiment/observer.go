package experiment

import (
	"time"

	"slbtui/engine/report"
	"slbtui/engine/simulate"
)

// Observer is told what happens. Its functions may be nil; no two calls overlap. An error ends the
// experiment, which then returns what was finished, and the error.
type Observer struct {
	// Progress is called a few times a second, and at the end of each run.
	Progress func(Progress)
	// Trace is told the requests of a repetition, numbered from 1, before it begins. It must not
	// change or keep them.
	Trace func(repetition int, seed uint64, trace []simulate.Request) error
	// Request is told of each request that has ended, in that order. It holds up the run's other
	// answers, so it should buffer what it writes.
	Request func(report.Request) error
}

// Progress is how far an experiment has come.
type Progress struct {
	Repetition  int // from 1
	Repetitions int
	Policy      string // who routes now
	Run, Runs   int    // the number of this run, from 1, and of all
	Done, Total int    // requests that have ended, and of all runs, about
	Left        time.Duration
	P95MS       float64 // of the newest successful requests
	Failed      int     // requests of this run
}
