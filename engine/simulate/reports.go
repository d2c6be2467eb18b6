package simulate

import (
	"slbtui/qlearn/factored"
	"slbtui/routing"
)

// poll asks every server how it is.
func (w *world) poll() {
	w.said = w.said[:0]
	for i := range w.servers {
		s := &w.servers[i]
		w.said = append(w.said, healthReport{up: !s.crashed, cpu: s.utilisation(w.now, w.polled)})
	}
	w.polled = w.now
	for i := range w.health {
		w.health[i].poll(w.said, w.atlas.cutFrom(i))
	}
}

// report lets the policies hear of the oldest poll that is on its way.
func (w *world) report() {
	for i := range w.health {
		w.health[i].arrive(func(server int32) { w.turned(i, server) })
	}
}

// turned tells those who warm servers up and go by that health that one has come or gone.
func (w *world) turned(health int, server int32) {
	usable := w.health[health].servers[server].usable()
	for i := range w.balancers {
		switch e := w.balancers[i].ejector; {
		case e == nil || w.balancers[i].health != health:
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

// tellEachOther lets each balancer know what all others of its zone have in flight that keeps a server busy.
func (w *world) tellEachOther() {
	all := map[string][]int{}
	for i, zone := range w.atlas.zones {
		if all[zone] == nil {
			all[zone] = make([]int, len(w.servers))
		}
		for server := range w.balancers[i].flights {
			all[zone][server] += w.tells(i, server)
		}
	}
	others := make([]int, len(w.servers))
	for i, zone := range w.atlas.zones {
		b := &w.balancers[i]
		for server := range others {
			others[server] = all[zone][server] - w.tells(i, server)
		}
		b.foreign.Report(w.now, others)
	}
	w.calendar.plan(event{at: w.now + w.scenario.ShareEvery, what: told})
}

// tells is what a balancer tells of a server.
func (w *world) tells(balancer, server int) int {
	flights := &w.balancers[balancer].flights[server]
	if w.streams == factored.Busy {
		return flights.InFlight()
	}
	return flights.InFlight() - flights.Streaming()
}
