package factored

// Learner is the learner of q_factored: a tabular action-value learner on afterstates, without
// bootstrapping. In the field's terms it is a contextual bandit with a queueing-aware score.
//
// The table. A joint table over N servers has 3^N rows and, once everything is "high", can't tell
// the servers apart. This one is factored: row = in-flight level b of a server, column = server i.
// The cell C[i][b] is the expected response time in ms of one more request given to server i
// while it holds n of them (level b of n). "Afterstate" (Sutton and Barto, 2nd ed., section 6.8):
// what matters of the whole state, once the action is taken, is the queue that the request
// joins. Nothing is bootstrapped: no cell is estimated from another cell's estimate one step
// later. (Plain TD(0) over n was tried and diverges: each server's future depends on what the
// policy gives it, which changes as it learns.) The future a request causes enters the score
// through the slope instead.
//
// The score of server i with n requests in flight; lowest wins:
//
//	score = (C·m·h + γ·n·∂C/∂n·m) · max(1, a/L) + 2000·(f + r) + probation
//
//	C   the cell: measured, drawn to a queue curve fitted to the server, which in turn is drawn to
//	    the other servers'                                     cells.go, curve.go, pool.go
//	m   speed factor, 1 unless a drift alarm went off          drift.go, calm.go, together.go
//	h   hope: less than 1 for a server that is little known    hope.go
//	n   requests that keep the server busy: the own ones but for those whose answer streams on, and those
//	    that other balancers have there                        others.go
//	∂C  slope: what one more request adds to the response time of each that follows. The server's
//	    n requests all wait that much longer, so n·∂C is the delay imposed on others; C alone is
//	    what the request itself suffers. Charging both is the marginal cost (Pigou's toll), which
//	    minimises the mean over all requests instead of each request's own.
//	γ   weighs it: 0 is selfish, 1 is social                   objective.go
//	a   age of the oldest request in flight, but no longer than since the server's latest answer within L: who
//	    answers has not stalled, it only has a long job among others
//	L   m·C·e^(2.5s), which about one response time in two hundred exceeds. Silence past it
//	    is evidence before completion (a censored observation: the time is known to be at least a),
//	    so the score grows in proportion. A stalled server is noticed before it answers.
//	f   failure rate; r, the rate of refusals that are the server's own; and probation, for one that
//	    came back                                              trouble.go
//
// m, f and r are forgotten with a time constant of five seconds, so that an abandoned server is tried
// again. A server never measured scores -1 + 1000·n: it is tried at once, one request at a time.
//
// Methods are not safe for concurrent use. No method panics on out-of-range input.
type Learner struct {
	cfg     Config
	servers []column
	pools
	calm         calm
	demand       demand
	socialWeight float64   // γ as of now
	refusedByAll float64   // of r, what is nobody's fault
	common       float64   // factor by which all tables have moved together
	outcomes     uint64    // answers and refusals
	learned      int       // completions that entered a cell, since pools was computed
	candidates   []int32   // scratch of a decision
	factors      []float64 // scratch of look

	lastLevel, lastServer      int
	partial                    string
	updates                    uint64
	uses                       uint64         // of levels, by decisions and measurements
	used                       [levels]uint64 // the latest of them, counted from 1
	explored, deltaQ, reward   float64        // running means for Stats
	countedReward, countedPick bool
}

// column is one column: what is known of one server.
type column struct {
	value    [levels]levelValue // derived from all below after each change
	tail     float64            // e^(2.5s), derived too
	variance float64            // (e^min(s²,2) - 1)·K², derived too
	hope     float64            // factor on the own time of a server that is little known, derived too
	measured uint64             // sum of visits
	drift    drift              // m, s
	trouble  trouble            // f, r
	others   others             // what other balancers are thought to have there

	measuredAt float64 // seconds: the last measurement
	onTimeAt   float64 // seconds: the last that was no longer than L

	mean   [levels]float64 // running mean of the response time in ms, raw
	visits [levels]uint64  // k: measurements in it
	curve  curve           // fitted to them
}

// levelValue is what a pick reads of one server: the two lie together, on one cache line.
type levelValue struct {
	cell  float64 // C
	slope float64 // ∂C/∂n in ms per request, not below 0
}

// New returns a learner for that many servers that knows nothing yet. Parameters out of
// range are moved to the nearest value allowed.
func New(servers int, cfg Config) *Learner {
	f := &Learner{servers: make([]column, max(servers, 0)), candidates: make([]int32, 0, max(drawn, allUpTo))}
	f.SetConfig(cfg)
	f.Reset()
	return f
}

// Config returns the parameters of now.
func (f *Learner) Config() Config { return f.cfg }

// SetConfig changes the parameters and keeps what was learned. Parameters out of range are moved
// to the nearest value allowed.
func (f *Learner) SetConfig(cfg Config) {
	cfg.MinLearningRate = clamp(cfg.MinLearningRate, 1e-4, 1)
	cfg.SocialWeight = clamp(cfg.SocialWeight, 0, 10)
	cfg.ExplorationRate = clamp(cfg.ExplorationRate, 0, 1)
	cfg.Balancers = max(1, min(cfg.Balancers, MaxBalancers))
	f.cfg = cfg
	f.socialWeight = f.leastWeight()
	for i := range f.servers {
		if s := &f.servers[i]; s.measured > 0 {
			f.fit(s)
			f.fill(s)
		}
	}
}

// Keep takes over the parameters of old.
func (f *Learner) Keep(old *Learner) { f.SetConfig(old.cfg) }

// Reset forgets all that was learned and keeps the parameters.
func (f *Learner) Reset() {
	for i := range f.servers {
		f.servers[i] = newColumn()
	}
	*f = Learner{
		cfg: f.cfg, servers: f.servers, pools: newPools(), calm: newCalm(), socialWeight: f.leastWeight(), common: 1,
		candidates: f.candidates, factors: f.factors, lastLevel: -1, lastServer: -1,
	}
}

func newColumn() column { return column{hope: 1, drift: drift{spread: initialSpread}} }

// clamp is x moved into [low, high]; a NaN becomes low.
func clamp(x, low, high float64) float64 {
	if !(x >= low) {
		return low
	}
	return min(x, high)
}
