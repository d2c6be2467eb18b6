package policy

import (
	"bytes"
	"fmt"
	"slices"

	"slbtui/qlearn/factored"
)

// Inherit gives a new learner what an old one of its kind has learned, for the servers that both
// know by id. The factored learner keeps a table per server, so those of servers that stay are
// kept. A joint table is about all servers together: it is kept when they are the same, and else
// the error says that it starts anew. The old learner may go on learning meanwhile.
func Inherit(next, old Learner, nextIDs, oldIDs []string) error {
	if n, ok := next.(*QFactored); ok {
		if o, ok := old.(*QFactored); ok {
			n.adopt(o, nextIDs, oldIDs)
			return nil
		}
	}
	n, ok := next.(Persistent)
	o, ok2 := old.(Persistent)
	switch {
	case !ok || !ok2 || next.Name() != old.Name():
		return fmt.Errorf("%s cannot take over what %s learned", next.Name(), old.Name())
	case !slices.Equal(nextIDs, oldIDs):
		return fmt.Errorf("%s starts anew: its table is for exactly the servers before", next.Name())
	}
	if n, ok := next.(*joint); ok {
		return n.adopt(old.(*joint), nextIDs)
	}
	var table bytes.Buffer
	if err := o.Save(&table, oldIDs); err != nil {
		return err
	}
	return n.Load(&table, nextIDs)
}

func (q *QFactored) adopt(old *QFactored, ids, oldIDs []string) {
	from := make([]int, len(ids))
	for i, id := range ids {
		from[i] = slices.Index(oldIDs, id)
	}
	next := factored.New(len(ids), factored.DefaultConfig())
	old.mu.Lock()
	next.Adopt(old.learner, from)
	old.mu.Unlock()

	q.mu.Lock()
	defer q.mu.Unlock()
	next.SetConfig(q.learner.Config())
	q.learner = next
	q.log.forget()
	q.serial++
}

// adopt needs no file in between: a joint table may be large.
func (p *joint) adopt(old *joint, ids []string) error {
	saved, err := old.saved(ids)
	if err != nil {
		return err
	}
	p.restore(saved)
	return nil
}
