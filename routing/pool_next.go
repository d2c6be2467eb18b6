package routing

// Next makes the pool of a changed configuration. A server that stays, by id and URL, keeps its
// record: health, ejection, averages, and what is in flight, so requests of before and after are
// counted together; and those that wait keep their places. The old pool serves the requests it still has, and is then left alone. On an
// error nothing has changed.
func (p *Pool) Next(ups []UpstreamConfig, h HealthConfig, opts ...PoolOption) (*Pool, error) {
	next, err := NewPool(ups, h, opts...)
	if err != nil {
		return nil, err
	}
	next.start = p.start // the records hold times
	next.crowd = p.crowd
	for i, u := range next.upstreams {
		for _, old := range p.upstreams {
			if old.id == u.id && old.url.String() == u.url.String() {
				old.join(next, u.weight)
				next.upstreams[i] = old
			}
		}
	}
	return next, nil
}

// home is the pool of now: that of a request may have been replaced.
func (u *upstream) home() *Pool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.pool
}

// join makes the record one of another pool.
func (u *upstream) join(p *Pool, weight float64) {
	u.mu.Lock()
	defer u.unlock()
	u.pool, u.weight = p, weight
	if p.health.Path == "" {
		u.health = newHealthState() // nobody would ever bring it back
	}
}
