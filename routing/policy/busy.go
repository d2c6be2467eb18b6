package policy

import "slbtui/qlearn/factored"

// maxForeign is more than a server can have, and still a number.
const maxForeign = 1e6

// Busy counts the requests that keep a server busy: the balancer's own, those whose answer streams on among them only
// where that is said of streams, and those of other balancers, -1 where nobody tells.
func (v *View) Busy(server int, streams factored.Streams) (own int, foreign float64) {
	s := &v.Servers[server]
	own, foreign = s.InFlight, -1
	if streams != factored.Busy {
		own -= s.Streaming
	}
	if server < len(v.Foreign) {
		foreign = min(max(0, v.Foreign[server]), maxForeign)
	}
	return own, foreign
}
