package metrics

// knownServer is a server that was named once. It keeps its number for good, so that counting an answer
// is an addition.
type knownServer struct {
	number int // index in Recorder.ids; -1 for no server
	index  int // among the servers of now; -1 when it is none of them
}

// know finds a server by its id, "" for none.
func (r *Recorder) know(id string) knownServer {
	k, known := r.known[id]
	switch {
	case known:
		return k
	case id == "":
		return knownServer{-1, -1}
	}
	k = knownServer{len(r.ids), -1}
	r.ids, r.known[id] = append(r.ids, id), k
	return k
}

// answers counts requests by the number of the server that answered.
type answers []uint64

func (a *answers) add(number int) {
	if number < 0 {
		return
	}
	for len(*a) <= number {
		*a = append(*a, 0)
	}
	(*a)[number]++
}

// byServer names the servers that have answered.
func (a answers) byServer(ids []string) map[string]uint64 {
	out := map[string]uint64{}
	for number, n := range a {
		if n > 0 {
			out[ids[number]] = n
		}
	}
	return out
}

// SetServers changes the servers. One that stays, by id, keeps its seconds and counts; a new one
// starts at zero; what was counted of one that goes is forgotten, but for the phases.
func (r *Recorder) SetServers(ids []string) {
	r.closing.Lock()
	defer r.closing.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	before, from := make(map[string]int, len(r.counts)), make([]int, len(ids))
	for i, c := range r.counts {
		before[c.ID] = i
		r.known[c.ID] = knownServer{r.know(c.ID).number, -1}
	}
	attempts, counts := make([]*ring, len(ids)), make([]ServerTotal, len(ids))
	for i, id := range ids {
		r.known[id] = knownServer{r.know(id).number, i}
		old, stays := before[id]
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
	r.servers, r.attempts, r.counts, r.seconds = len(ids), attempts, counts, seconds
}
