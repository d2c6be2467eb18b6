package simulate

import (
	"slices"
	"time"

	"slbtui/routing/policy"
)

// atlas is how far the servers are from the balancers, and who is cut off from whom.
type atlas struct {
	zones []string          // of the balancers
	away  [][]time.Duration // one way, by balancer and server; nil when none is far
	cut   [][]bool          // by balancer and server; nil when nobody ever is
}

func newAtlas(sc *Scenario) atlas {
	a := atlas{zones: sc.BalancerZones()}
	parted := slices.ContainsFunc(sc.Faults, func(f Fault) bool { return f.Cut != ZonePair{} })
	for _, zone := range a.zones {
		if sc.far() {
			ways := make([]time.Duration, len(sc.Servers))
			for i, v := range sc.Servers {
				ways[i] = sc.ZoneRTT[PairOf(zone, v.Zone)] / 2
			}
			a.away = append(a.away, ways)
		}
		if parted {
			a.cut = append(a.cut, make([]bool, len(sc.Servers)))
		}
	}
	return a
}

// way is how long it takes from a balancer to a server, and back again.
func (a *atlas) way(balancer int, server int32) time.Duration {
	if a.away == nil {
		return 0
	}
	return a.away[balancer][server]
}

// parted tells whether nothing gets from a balancer to a server now.
func (a *atlas) parted(balancer, server int) bool { return a.cut != nil && a.cut[balancer][server] }

// cutFrom is to which servers nothing gets from a balancer; nil when nobody ever is cut off.
func (a *atlas) cutFrom(balancer int) []bool {
	if a.cut == nil {
		return nil
	}
	return a.cut[balancer]
}

// send puts a request on its way to server i.
func (w *world) send(i int32, ref flightRef) {
	f := &w.flights[ref.slot]
	way := w.atlas.way(f.balancer, i)
	switch {
	case w.atlas.parted(f.balancer, int(i)):
		f.lost = true
	case way > 0:
		w.calendar.plan(event{at: w.now + way, what: reached, server: i, ref: ref})
	default:
		w.accept(i, ref)
	}
}

// back plans what gets to the balancer of a request, after the way from server i and some time more.
func (w *world) back(i int32, after time.Duration, e event) {
	e.server, e.at = i, w.now+after+w.atlas.way(w.flights[e.ref.slot].balancer, i)
	w.calendar.plan(e)
}

// part puts cuts between zones into effect as one begins or ends. What is on its way is lost, there and back,
// and the client waits in vain; an answer that has begun gets through in the end.
func (w *world) part() {
	for b, zone := range w.atlas.zones {
		for i := range w.servers {
			w.atlas.cut[b][i] = w.scenario.cutOff(zone, w.servers[i].Zone, w.now)
		}
	}
	for slot := range w.flights {
		if f := &w.flights[slot]; f.live && !f.streaming && w.atlas.cut[f.balancer][f.server] {
			f.lost = true
		}
	}
}

// cutOff tells whether nothing gets from a zone to another now.
func (s *Scenario) cutOff(from, to string, now time.Duration) bool {
	return slices.ContainsFunc(s.Faults, func(f Fault) bool {
		return f.Cut != (ZonePair{}) && f.Cut == PairOf(from, to) && now >= f.At && now < f.End()
	})
}

// planCuts plans what part does.
func (w *world) planCuts() {
	for _, f := range w.scenario.Faults {
		if f.Cut == (ZonePair{}) {
			continue
		}
		w.calendar.plan(event{at: f.At, what: cutting})
		if f.For > 0 {
			w.calendar.plan(event{at: f.End(), what: cutting})
		}
	}
	if w.atlas.cut != nil {
		w.part()
	}
}

// missed tells whether the balancer of a request will never hear this of it.
func (f *flight) missed(o policy.Outcome) bool { return f.lost && o.Failure != policy.FailureTimeout }
