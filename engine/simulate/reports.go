package simulate

import "slbtui/routing"

// report lets the policies hear of the oldest poll that is on its way.
func (w *world) report() { w.health.arrive(w.turned) }

// turned tells those who warm servers up that one has come or gone.
func (w *world) turned(server int32) {
	usable := w.health.servers[server].usable()
	for i := range w.balancers {
		switch e := w.balancers[i].ejector; {
		case e == nil:
		case usable:
			e.Return(int(server), w.now)
		default:
			e.Leave(int(server), w.now)
		}
	}
}

// shareReports makes the balancers tell each other what they have in flight, if the scenario says so.
func (w *world) shareReports() {
	if w.scenario.ShareEvery == 0 {
		return
	}
	for i := range w.balancers {
		w.balancers[i].foreign = routing.NewForeignLoad(len(w.servers))
	}
	w.calendar.plan(event{at: w.scenario.ShareEvery, what: told})
}

// tellEachOther lets each balancer know what all others have in flight.
func (w *world) tellEachOther() {
	all := make([]int, len(w.servers))
	for i := range w.balancers {
		for server := range w.balancers[i].flights {
			all[server] += w.balancers[i].flights[server].InFlight()
		}
	}
	others := make([]int, len(w.servers))
	for i := range w.balancers {
		b := &w.balancers[i]
		for server := range others {
			others[server] = all[server] - b.flights[server].InFlight()
		}
		b.foreign.Report(w.now, others)
	}
	w.calendar.plan(event{at: w.now + w.scenario.ShareEvery, what: told})
}
