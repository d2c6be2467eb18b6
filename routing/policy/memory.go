package policy

import "slices"

// recaller is a Learner that keeps what it learns server by server, so that what it knew of one can be taken up
// again when that server comes back.
type recaller interface {
	Learner
	// recall takes over what old, of the same kind, knew of single servers: from[i] is the index in old of
	// server i, below 0 for one that stays as it is.
	recall(old Learner, from []int)
}

// Memory is what the learners of a set know of its servers, one by one. It costs what the learners cost, and goes
// on to learn as long as requests of theirs are in flight.
type Memory struct {
	ids      []string
	learners []recaller
}

// Memory is what this set knows. Keep it when servers go, and Recall it in the set of the day when one comes back.
func (s *Set) Memory() Memory {
	m := Memory{ids: s.opts.ids()}
	for _, l := range s.learners {
		if r, ok := l.(recaller); ok {
			m.learners = append(m.learners, r)
		}
	}
	return m
}

// Recall takes up what m knows of the server of that id. A server that either does not have is left alone.
func (s *Set) Recall(m Memory, id string) {
	ids := s.opts.ids()
	at, was := slices.Index(ids, id), slices.Index(m.ids, id)
	if at < 0 || was < 0 {
		return
	}
	from := make([]int, len(ids))
	for i := range from {
		from[i] = -1
	}
	from[at] = was
	for _, old := range m.learners {
		if l, err := s.Learner(old.Name()); err == nil {
			l.(recaller).recall(old, from)
		}
	}
}

func (q *QFactored) recall(old Learner, from []int) {
	o := old.(*QFactored)
	q.mu.Lock()
	defer q.mu.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	q.learner.Recall(o.learner, from)
}

func (q *QNetwork) recall(old Learner, from []int) {
	o := old.(*QNetwork)
	q.mu.Lock()
	defer q.mu.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	q.learner.Recall(o.learner, from)
}
