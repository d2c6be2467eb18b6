package qlearn

// Level says how loaded a server is. It is a letter, so a state of three servers reads "lhl".
type Level byte

// The levels, from idle to loaded.
const (
	Low    Level = 'l'
	Medium Level = 'm'
	High   Level = 'h'
)

// String returns "low", "medium" or "high".
func (l Level) String() string {
	switch l {
	case Low:
		return "low"
	case Medium:
		return "medium"
	case High:
		return "high"
	}
	return "unknown"
}

// Reading is what is known of one server at the instant of a decision.
type Reading struct {
	CPU        float64 // percent; below 0 is unknown and counts for nothing
	Active     int     // requests in flight
	ResponseMS float64 // recent average, 0 when nothing is known
	Reachable  bool    // an unreachable server reports nothing, which must not pass for idle
}

// Level is the worst of the server's three readings, and High when it can't be reached.
func (c EncoderConfig) Level(r Reading) Level {
	if !r.Reachable {
		return High
	}
	worst := worse(c.ActiveRequests.level(float64(r.Active)), c.ResponseTimeMS.level(r.ResponseMS))
	if r.CPU >= 0 {
		worst = worse(worst, c.CPU.level(r.CPU))
	}
	return worst
}

func (t Thresholds) level(x float64) Level {
	switch {
	case x >= t.Medium:
		return High
	case x >= t.Low:
		return Medium
	}
	return Low
}

func worse(a, b Level) Level {
	if a == High || b == High {
		return High
	}
	if a == Medium || b == Medium {
		return Medium
	}
	return Low
}
