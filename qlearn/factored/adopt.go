package factored

// Adopt takes over what old has learned, server by server: from[i] is the index in old of server i,
// below 0 for one that old does not know, which starts empty. What fades within seconds is left
// behind, as by Save and Load, and so is what depends on another number of balancers.
func (f *Learner) Adopt(old *Learner, from []int) {
	f.Reset()
	f.updates = old.updates
	f.calm = old.calm
	for i := range f.servers {
		if i >= len(from) || from[i] < 0 || from[i] >= len(old.servers) {
			continue
		}
		s, o := &f.servers[i], &old.servers[from[i]]
		s.drift.spread, s.mean, s.visits, s.measured = o.drift.spread, o.mean, o.visits, o.measured
		if s.measured > 0 {
			f.fit(s)
		}
	}
	f.repool()
	f.transfer(old.cfg.Balancers)
}

// Recall takes over what old has learned of single servers: from[i] is the index in old of server i, below 0 for one
// that stays as it is. As by Adopt, what fades within seconds is left behind.
func (f *Learner) Recall(old *Learner, from []int) {
	kept := New(len(f.servers), f.cfg)
	kept.Adopt(old, from)
	for i := range f.servers {
		s, k := &f.servers[i], &kept.servers[i]
		if k.measured == 0 {
			continue
		}
		s.drift.spread, s.mean, s.visits, s.measured = k.drift.spread, k.mean, k.visits, k.measured
		f.fit(s)
	}
	f.repool()
}
