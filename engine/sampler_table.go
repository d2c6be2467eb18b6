package engine

import (
	"time"

	"slbtui/qlearn"
	"slbtui/routing/policy"
)

const (
	smallTable   = 1000 // cells: a table up to this size is copied for every picture
	largeTableIn = time.Second
)

// tableCopies holds the latest copy of each learner's table. A copy of 20,000 states of 12 servers keeps
// the learner from deciding for half a millisecond and leaves 200 kB of garbage, so pictures less than
// a second apart share one. Of small tables each picture has its own.
type tableCopies map[string]tableCopy // by the learner's name

type tableCopy struct {
	of    policy.Inspectable // a new configuration may bring another learner of the same name
	at    time.Duration
	table qlearn.Table
}

// as returns what copies tables for a picture of the time now.
func (c tableCopies) as(now time.Duration) func(string, policy.Inspectable) qlearn.Table {
	return func(name string, l policy.Inspectable) qlearn.Table { return c.table(now, name, l) }
}

// table returns the learner's table as of now, or as of less than a second ago.
func (c tableCopies) table(now time.Duration, name string, l policy.Inspectable) qlearn.Table {
	last := c[name]
	forgot := l.Stats().Updates < last.table.Updates
	if last.of == l && !forgot && now-last.at < largeTableIn && cells(last.table) > smallTable {
		return last.table
	}
	t := l.Table(shownRows)
	c[name] = tableCopy{l, now, t}
	return t
}

func cells(t qlearn.Table) int {
	if len(t.Rows) == 0 {
		return 0
	}
	return t.States * len(t.Rows[0].Q)
}
