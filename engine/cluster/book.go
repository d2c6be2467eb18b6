package cluster

import (
	"cmp"
	"slices"
	"strings"

	"slbtui/engine/live"
)

// book has what operators ordered: what is written for all, and what was given here and is not written yet. It is
// pure, and not safe for concurrent use.
type book struct {
	written map[string]entry
	waiting map[string]entry
	through uint64            // revision up to which all is known
	done    map[string]string // by key, the id of the order that was carried out last
	refused map[string]string // the same of the one that could not be
}

type entry struct {
	order    Order
	revision uint64       // 0: not written
	undo     live.Command // takes it back, nil where nothing does
	cut      bool         // given, or left, while no majority was in sight: it will be lost
}

func newBook() *book {
	return &book{written: map[string]entry{}, waiting: map[string]entry{}, done: map[string]string{}, refused: map[string]string{}}
}

// learn takes note of what is written, and tells whether it is new here.
func (b *book) learn(key string, o Order, revision uint64) bool {
	if w, ok := b.waiting[key]; ok && w.order.ID == o.ID {
		delete(b.waiting, key) // it was written after all
	}
	if b.written[key].revision >= revision {
		return false
	}
	b.written[key] = entry{order: o, revision: revision}
	return true
}

// give takes note of an order that holds here and is to be written.
func (b *book) give(key string, e entry) {
	if before, ok := b.waiting[key]; ok {
		e.undo = before.undo
	}
	b.waiting[key], b.done[key] = e, e.order.ID
}

// cutOff marks what is not written yet: the others will never hear of it.
func (b *book) cutOff() {
	for key, e := range b.waiting {
		e.cut = true
		b.waiting[key] = e
	}
}

// lose takes out what was given while cut off, in the order in which it was given.
func (b *book) lose() (lost []entry) {
	for key, e := range b.waiting {
		if e.cut {
			lost = append(lost, e)
			delete(b.waiting, key)
			delete(b.done, key)
		}
	}
	slices.SortFunc(lost, func(x, y entry) int { return x.order.At.Compare(y.order.At) })
	return lost
}

// unwritten are the orders that are to be written as soon as that can be, oldest first.
func (b *book) unwritten() (all []entry) {
	for _, e := range b.waiting {
		if !e.cut {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(x, y entry) int { return x.order.At.Compare(y.order.At) })
	return all
}

// due are the orders that are not in force here though they should be. What may undo another comes before it.
func (b *book) due(s *live.Snapshot) (all []Order) {
	inForce := map[string]entry{}
	for key, e := range b.written {
		inForce[key] = e
	}
	for key, e := range b.waiting {
		inForce[key] = e
	}
	for key, e := range inForce {
		if b.done[key] != e.order.ID || !holds(e.order.cmd, s) {
			all = append(all, e.order)
		}
	}
	slices.SortFunc(all, func(x, y Order) int {
		return cmp.Or(cmp.Compare(rank(x.cmd), rank(y.cmd)), strings.Compare(keyOf(x.cmd), keyOf(y.cmd)))
	})
	return all
}

// rank puts the learner before the policy: to choose a learner makes it route where one routes.
func rank(cmd live.Command) int {
	switch cmd.(type) {
	case live.SetLearner:
		return 0
	case live.SetPolicy:
		return 1
	}
	return 2
}

// settle takes what is written by now for what has been done: a table that was reset before this replica began
// need not be reset again.
func (b *book) settle() {
	for key, e := range b.written {
		if _, once := e.order.cmd.(live.ResetLearner); once {
			b.done[key] = e.order.ID
		}
	}
}
