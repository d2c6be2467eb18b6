package deep

import "slbtui/qlearn"

// What the state has of a server, in units of where the joint table calls it high.
const (
	cpu = iota
	active
	response
	perServer // how many numbers
)

// clipState is the most that a number of the state can be.
const clipState = 10

// Server is what is known of one server at the instant of a decision: the reading that the joint table makes a
// level of. An unreachable server reports nothing and counts as high, as it does there.
type Server struct {
	qlearn.Reading
	Available bool
}

func anyAvailable(servers []Server) bool {
	for i := range servers {
		if servers[i].Available {
			return true
		}
	}
	return false
}

// write puts the state into a decision.
func (a *Agent) write(servers []Server, d *decision) {
	for i := range servers {
		s := &servers[i]
		d.available[i] = s.Available
		x := d.state[perServer*i:][:perServer]
		x[cpu], x[active], x[response] = 1, 1, 1
		if s.Reachable {
			x[cpu] = units(s.CPU, a.high.CPU)
			x[active] = units(float64(s.Active), a.high.ActiveRequests)
			x[response] = units(s.ResponseMS, a.high.ResponseTimeMS)
		}
	}
}

// units is 0 for what is unknown.
func units(x float64, t qlearn.Thresholds) float32 {
	switch {
	case !(x > 0):
		return 0
	case !(t.Medium > 0):
		return clipState
	}
	return float32(min(x/t.Medium, clipState))
}
