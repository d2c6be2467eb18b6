package live

// Steering is what is made of a balancer elsewhere that is watched by its log.
type Steering struct {
	By      string          `json:"by"`      // "socket" or "agent" where weights are set, "" where they would be
	Process string          `json:"process"` // such as HAProxy 2.6.12, process 4711; "" when it is known by its log alone
	Problem string          `json:"problem"` // why it can't be reached, or is not steered, now
	Lines   uint64          `json:"lines"`   // of its log
	Used    uint64          `json:"used"`    // of these: requests of the backend
	Passed  uint64          `json:"passed"`  // of these: too many at once to learn from
	Servers []SteeredServer `json:"servers"` // as Snapshot.Servers
}

// SteeredServer is what a server gets.
type SteeredServer struct {
	ID      string `json:"id"`
	Weight  int    `json:"weight"`   // that it gets or would get, 0-100; -1 leaves it as it is
	Has     int    `json:"has"`      // that it has now; -1 when unknown
	MaxConn int    `json:"max_conn"` // that it gets, 0 when none is set
	Why     string `json:"why"`      // in words
}
