package live

// RunState is how far a run is.
type RunState string

// The states of a run, in order.
const (
	RunStarting RunState = "starting" // sockets are open, nothing has been sent
	RunRunning  RunState = "running"
	RunStopping RunState = "stopping" // what is in flight has its time
)

// ServerState is how a server is, as the balancer sees it.
type ServerState string

// The states of a server. One that is ServerOK or ServerSlow takes requests.
const (
	ServerOK       ServerState = "ok"
	ServerSlow     ServerState = "SLOW"     // far slower than its base delay or, where that is unknown, unwell by its own word; or clients give it up
	ServerDown     ServerState = "DOWN"     // it fails its health checks
	ServerEjected  ServerState = "EJECTED"  // it fails requests
	ServerDraining ServerState = "DRAINING" // an operator keeps new requests from it
)

// ServerStates lists them all.
func ServerStates() []ServerState {
	return []ServerState{ServerOK, ServerSlow, ServerDown, ServerEjected, ServerDraining}
}

// Takes tells whether a server in that state takes requests.
func (s ServerState) Takes() bool { return s == ServerOK || s == ServerSlow }

// Arrivals is how the requests of the built-in load come.
type Arrivals string

// The kinds of arrivals.
const (
	ArrivalsPoisson  Arrivals = "poisson"  // independent of each other, as from many users
	ArrivalsConstant Arrivals = "constant" // at even gaps
	ArrivalsRecorded Arrivals = "recorded" // when they came before
)
