package routing

// Next makes the pool of a changed configuration. A server that stays, by id and URL, keeps its
// record: health, ejection, averages, and what is in flight, so requests of before and after are
// counted together; and those that wait keep their places. A new server begins with a slow start, unless all are new. The old pool serves the requests it still has, and is then left alone. On an
// error nothing has changed.
func (p *Pool) Next(ups []UpstreamConfig, h HealthConfig, opts ...PoolOption) (*Pool, error) {
	next, err := NewPool(ups, h, opts...)
	if err != nil {
		return nil, err
	}
	next.start = p.start // the records hold times
	next.crowd = p.crowd
	var added []*upstream
	for i, u := range next.upstreams {
		if old := p.find(u); old != nil {
			old.join(next, u)
			next.upstreams[i] = old
		} else {
			added = append(added, u)
		}
	}
	if len(added) < len(next.upstreams) { // where all are new, none is to be held back
		for _, u := range added {
			u.mu.Lock()
			u.warmUp(next.Now())
			u.unlock()
		}
	}
	return next, nil
}

// find is the record of the same server, nil when there is none.
func (p *Pool) find(u *upstream) *upstream {
	for _, old := range p.upstreams {
		if old.id == u.id && old.url.String() == u.url.String() {
			return old
		}
	}
	return nil
}

// home is the pool of now: that of a request may have been replaced.
func (u *upstream) home() *Pool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.pool
}

// join makes the record one of another pool, where it is to be as next is.
func (u *upstream) join(p *Pool, next *upstream) {
	u.mu.Lock()
	defer u.unlock()
	back := u.leaving && !next.leaving
	u.pool, u.weight, u.polls, u.leaving = p, next.weight, next.polls, next.leaving
	if u.polls.Path == "" {
		back = back || !u.health.up
		u.health = newHealthState() // nobody would ever bring it back
	}
	switch {
	case u.leaving:
		u.warming.leave(p.Now())
	case back:
		u.warmUp(p.Now())
	}
}
