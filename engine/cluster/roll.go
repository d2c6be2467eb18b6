package cluster

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"slbtui/engine/live"
)

const (
	lostAfter    = 3       // ticks without a word
	forgotten    = 10 * 60 // ticks
	steadyFor    = 10      // ticks, before the number of replicas is believed to be another
	sharesFrom   = 4       // replicas: among fewer each sees most of what happens by itself
	mostReplicas = 1000
)

// roll is who is there. Time is counted in this replica's own ticks, of a second: while it is frozen nobody else is
// missed. It is pure, and not safe for concurrent use.
type roll struct {
	expected int // 0: not known
	others   map[string]*other
	counted  int // replicas, as last believed
	candid   int // what they would be counted as now
	since    int // ticks that candid has lasted
}

type other struct {
	last   presence
	ages   ages
	silent int // ticks since its last word
}

func newRoll(expected int) *roll { return &roll{expected: expected, others: map[string]*other{}} }

// news is what a word or a tick changes.
type news struct {
	replica string
	text    string
	bad     bool
}

// hear takes in a word of another replica, unless it is old.
func (r *roll) hear(p presence, now time.Time) (said []news) {
	o := r.others[p.Replica]
	switch {
	case o == nil && (p.Stopped || len(r.others) >= mostReplicas):
		return nil
	case o == nil:
		o = &other{silent: -1}
		r.others[p.Replica] = o
		said = append(said, news{p.Replica, "is there, " + p.Program + ", on " + p.Listen, false})
	case o.last.Run != p.Run && !p.Stopped:
		o.ages = ages{}
	}
	if o.ages.of(p.Stamp, now) > stale {
		return nil
	}
	switch {
	case o.silent < 0:
	case p.Stopped && !o.last.Stopped:
		said = append(said, news{p.Replica, "has stopped", false})
	case !p.Stopped && (o.last.Stopped || o.silent >= lostAfter):
		said = append(said, news{p.Replica, "is back", false})
	case o.last.Run != p.Run && !p.Stopped:
		said = append(said, news{p.Replica, "has started anew", false})
	}
	o.last, o.silent = p, 0
	return said
}

// tick counts a second, and tells who is lost with it.
func (r *roll) tick() (said []news) {
	for name, o := range r.others {
		o.silent++
		if o.silent == lostAfter && !o.last.Stopped {
			said = append(said, news{name, "is lost: nothing was heard of it for 3 s", true})
		}
		if o.silent > forgotten {
			delete(r.others, name)
		}
	}
	if n := r.serving(); n == r.candid {
		r.since++
	} else {
		r.candid, r.since = n, 0
	}
	if r.since >= steadyFor {
		r.counted = r.candid
	}
	return said
}

func (o *other) there() bool { return o.silent < lostAfter && !o.last.Stopped }

// serving is how many replicas take requests, this one included.
func (r *roll) serving() int {
	n := 1
	for _, o := range r.others {
		if o.there() {
			n++
		}
	}
	return n
}

// majority tells whether more than half of the replicas are there.
func (r *roll) majority() bool { return 2*r.serving() > r.expected }

// inFlight is what all others have in flight, and what of that streams; nil where too few of them tell.
func (r *roll) inFlight() (sum, streams map[string]int) {
	if r.serving() < sharesFrom {
		return nil, nil
	}
	sum, streams = map[string]int{}, map[string]int{}
	for _, o := range r.others {
		if o.there() {
			for server, n := range o.last.InFlight {
				sum[server] += max(n, 0)
				streams[server] += max(0, min(o.last.Streams[server], n))
			}
		}
	}
	return sum, streams
}

// through is the latest revision that any other replica knows.
func (r *roll) through() (latest uint64) {
	for _, o := range r.others {
		if o.there() {
			latest = max(latest, o.last.Through)
		}
	}
	return latest
}

// list is everybody, this replica included, by name.
func (r *roll) list(us presence) []live.Replica {
	all := []live.Replica{replica(us, 0)}
	for _, name := range slices.Sorted(maps.Keys(r.others)) {
		o := r.others[name]
		v := replica(o.last, time.Duration(o.silent)*time.Second)
		if !o.there() && v.State != live.ReplicaStopped {
			v.State = live.ReplicaLost
		}
		all = append(all, v)
	}
	rate, latest := 0.0, max(us.Through, r.through())
	for _, v := range all {
		if v.State.Serves() {
			rate += v.Rate
		}
	}
	for i := range all {
		v := &all[i]
		if v.State.Serves() {
			v.Share = v.Rate / max(rate, 1e-9)
		}
		if v.Behind < latest {
			v.Behind = latest - v.Behind
		} else {
			v.Behind = 0
		}
	}
	slices.SortFunc(all, func(a, b live.Replica) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

func replica(p presence, ago time.Duration) live.Replica {
	v := live.Replica{
		Name: p.Replica, State: live.ReplicaServing, Program: p.Program, Listen: p.Listen, Policy: p.Policy,
		Rate: p.Rate, P95MS: p.P95MS, Failed: p.Failed, Behind: p.Through, LastSeen: ago,
	}
	switch {
	case p.Stopped:
		v.State = live.ReplicaStopped
	case p.Alone:
		v.State = live.ReplicaAlone
	}
	return v
}
