package routing

// State is how the pool treats an upstream.
type State uint8

// The states, in order of precedence: a server that is drained and ejected is draining.
const (
	StateUp       State = iota // takes requests
	StateEjected               // failed its requests; back by itself after a time
	StateDown                  // failed its health checks
	StateDraining              // takes no new requests: an operator said so
)

// String is the word for people: "up", "EJECTED", "DOWN" or "DRAINING".
func (s State) String() string {
	return [...]string{"up", "EJECTED", "DOWN", "DRAINING"}[min(s, StateDraining)]
}

// Change is an upstream that went out of use or came back, or (with no ID) something that concerns all.
type Change struct {
	ID     string
	State  State
	Reason string // why, for people
}

// Use is which servers requests go to.
type Use uint8

// The uses of a pool.
const (
	UseNone  Use = iota // there is no server that a request could go to
	UseAny              // too few are left, so that ejected and unhealthy ones are used, too: see OutlierConfig.PanicThreshold
	UsePlain            // those in use
)

// standing is what a pick may do with a server.
type standing uint8

const (
	standingOut      standing = iota // never: no sign of life
	standingDrained                  // never: an operator said so
	standingFallback                 // ejected, or unhealthy by its own word: when too few others are left
	standingFull                     // at its limit of requests in flight
	standingWarming                  // slow start keeps this request from it: when no other is left
	standingIn
	numStandings
)
