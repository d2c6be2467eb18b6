package metrics

// SetServers changes the servers. One that stays, by id, keeps its seconds and counts; a new one
// starts at zero; what was counted of one that goes is forgotten, but for the phases.
func (r *Recorder) SetServers(ids []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	index, from := make(map[string]int, len(ids)), make([]int, len(ids))
	attempts, counts := make([]*ring, len(ids)), make([]ServerTotal, len(ids))
	for i, id := range ids {
		index[id] = i
		old, stays := r.index[id]
		if !stays {
			from[i], attempts[i], counts[i] = -1, newRing(), ServerTotal{ID: id}
			continue
		}
		from[i], attempts[i], counts[i] = old, r.attempts[old], r.counts[old]
	}
	seconds := make([]Second, len(r.seconds), cap(r.seconds)) // anew: a published Snapshot may still read the old ones
	for n, s := range r.seconds {
		servers := make([]ServerSecond, len(ids))
		for i, old := range from {
			servers[i].Utilisation = -1
			if old >= 0 && old < len(s.Servers) {
				servers[i] = s.Servers[old]
			}
		}
		s.Servers = servers
		seconds[n] = s
	}
	r.servers, r.index, r.attempts, r.counts, r.seconds = len(ids), index, attempts, counts, seconds
}
