package qlearn

// MSPerReward turns response times into the reward unit that tables show: Q = -C/10.
const MSPerReward = 10

// Table is a copy of what a learner has learned, for people to look at.
type Table struct {
	Kind    string `json:"kind"` // "joint": rows are states of all servers; "factored": rows are in-flight levels
	Rows    []Row  `json:"rows"`
	States  int    `json:"states"`  // visited rows in all; Rows may hold only the first of them
	Updates uint64 `json:"updates"` // updates since the start or the last reset

	// The last decision: the row and column it used, -1 before the first.
	LastRow    int `json:"last_row"`
	LastServer int `json:"last_server"`
}

// Row is one line of a Table.
type Row struct {
	ID     int       `json:"id"`     // stable while the learner lives; what Table.LastRow names
	Label  string    `json:"label"`  // "(low, high, low)" or "6" or "8-9"
	Q      []float64 `json:"q"`      // per server, in reward units (-ms/10); where Visits is 0, what the learner assumes
	Visits []uint64  `json:"visits"` // per server
	Best   int       `json:"best"`   // server with the highest Q among the visited, -1 when there is none
	Used   uint64    `json:"used"`   // when a decision or a measurement last used it: the larger, the later; 0 not yet, or before it was loaded
}

// Stats sums up a learner's state.
type Stats struct {
	States   int     `json:"states"`   // visited rows
	Episodes uint64  `json:"episodes"` // completed episodes, 0 for learners without
	Updates  uint64  `json:"updates"`  // updates since the start or the last reset
	Epsilon  float64 `json:"epsilon"`  // exploration rate of now
	Explored float64 `json:"explored"` // share of the recent decisions that were exploration, 0-1
	DeltaQ   float64 `json:"delta_q"`  // recent mean |change of Q| per update, in reward units: falls as the table settles
	Reward   float64 `json:"reward"`   // recent mean reward
}
