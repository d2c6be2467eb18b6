package factored

import (
	"math"
	"math/rand/v2"
	"time"
)

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
// The score of server i with n requests in flight, the oldest of them of age a; lowest wins:
//
//	score = (C·m + γ·n·max(0, ∂C/∂n)·m) · max(1, a/L) + 2000·f
//
//	C   the cell: measured, drawn to a queue curve fitted to the server, which in turn is drawn to
//	    the other servers'                              cells.go, curve.go, pool.go
//	m   speed factor, 1 unless a drift alarm went off   drift.go
//	∂C  slope: what one more request adds to the response time of each that follows. The server's
//	    n requests all wait that much longer, so n·∂C is the delay imposed on others; C alone is
//	    what the request itself suffers. Charging both is the marginal cost (Pigou's toll), which
//	    minimises the mean over all requests instead of each request's own. γ weighs it: 0 is
//	    selfish, 1 is social.
//	L   m·C·e^(3s), which about one response time in a thousand exceeds. An oldest request past it
//	    is evidence before completion (a censored observation: the time is known to be at least a),
//	    so the score grows in proportion. A stalled server is noticed before it answers.
//	f   failure rate. Failures stay apart from times: a fast failure in a cell would make a broken
//	    server look fast and draw all traffic into it (the black hole).
//
// m and f are forgotten with a time constant of five seconds, so that an abandoned server is tried
// again. A server never measured scores -1 + 1000·n: it is tried at once, one request at a time.
//
// Methods are not safe for concurrent use. No method panics on out-of-range input.
type Learner struct {
	cfg     Config
	servers []column
	pools
	learned int // completions that entered a cell, since pools was computed

	lastLevel, lastServer      int
	updates                    uint64
	uses                       uint64         // of levels, by decisions and measurements
	used                       [levels]uint64 // the latest of them, counted from 1
	explored, deltaQ, reward   float64        // running means for Stats
	countedReward, countedPick bool
}

// column is one column: what is known of one server.
type column struct {
	value    [levels]levelValue // derived from all below after each change
	tail     float64            // e^(3s), derived too
	variance float64            // e^min(s²,2) - 1, derived too
	measured uint64             // sum of visits
	failures fading             // f
	drift    drift              // m, s

	mean   [levels]float64 // running mean of the response time in ms, raw
	visits [levels]uint64  // k: measurements in it
	curve  curve           // fitted to them
}

// levelValue is what a pick reads of one server: the two lie together, on one cache line.
type levelValue struct {
	cell  float64 // C
	slope float64 // ∂C/∂n in ms per request, not below 0
}

// ServerLoad is what Choose needs to know of one server at the instant of a decision.
type ServerLoad struct {
	InFlight  int           // the balancer's own requests
	Foreign   int           // those of other balancers, as far as they tell; they queue like the own ones
	OldestAge time.Duration // of the oldest own request in flight; 0 when there is none
	Available bool          // may be chosen
}

// all is how many requests the server holds.
func (l *ServerLoad) all() int { return max(l.InFlight, 0) + max(l.Foreign, 0) }

// Choice is a decision, with what Learn wants to hear again when the request has ended.
type Choice struct {
	Server     int     // -1 when no server is available
	Level      int     // of the server's in-flight count at the decision
	ExpectedMS float64 // the cell's value at the decision, without the speed factor; 0 when unknown
	Explored   bool    // the server was drawn at random
}

// New returns a learner for that many servers that knows nothing yet. Parameters out of
// range are moved to the nearest value allowed.
func New(servers int, cfg Config) *Learner {
	f := &Learner{servers: make([]column, max(servers, 0))}
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
	f.cfg = cfg
	for i := range f.servers {
		if s := &f.servers[i]; s.measured > 0 {
			f.fit(s)
			f.fill(s)
		}
	}
}

// Reset forgets all that was learned and keeps the parameters.
func (f *Learner) Reset() {
	for i := range f.servers {
		f.servers[i] = column{drift: drift{spread: initialSpread}}
	}
	*f = Learner{cfg: f.cfg, servers: f.servers, pools: newPools(), lastLevel: -1, lastServer: -1}
}

// Choose returns the available server with the lowest score, ties at random, or with probability
// ExplorationRate any available server, all equally likely. loads is indexed by server.
func (f *Learner) Choose(now time.Duration, loads []ServerLoad, rng *rand.Rand) Choice {
	loads = loads[:min(len(loads), len(f.servers))]
	var c Choice
	if f.cfg.ExplorationRate > 0 && rng.Float64() < f.cfg.ExplorationRate {
		c = f.At(drawAvailable(loads, rng), loads)
		c.Explored = true
	} else {
		c = f.Best(now, loads, rng)
	}
	if c.Server < 0 {
		return c
	}
	explored := 0.0
	if c.Explored {
		explored = 1
	}
	f.explored = runningMean(f.explored, explored, f.countedPick)
	f.countedPick = true
	f.lastLevel, f.lastServer = c.Level, c.Server
	f.use(c.Level)
	return c
}

func (f *Learner) use(level int) {
	f.uses++
	f.used[level] = f.uses
}

// Best is Choose without exploring, and leaves no trace in the learner.
func (f *Learner) Best(now time.Duration, loads []ServerLoad, rng *rand.Rand) Choice {
	best, lowest, ties := -1, math.Inf(1), 0
	t := now.Seconds()
	for i := range min(len(loads), len(f.servers)) {
		if !loads[i].Available {
			continue
		}
		switch score := f.score(i, t, &loads[i]).total(); {
		case score < lowest || best < 0:
			best, lowest, ties = i, score, 1
		case score == lowest:
			if ties++; rng.IntN(ties) == 0 { // each of the ties so far is equally likely
				best = i
			}
		}
	}
	return f.At(best, loads)
}

// At is the choice of a server that someone else made.
func (f *Learner) At(server int, loads []ServerLoad) Choice {
	if server < 0 || server >= min(len(loads), len(f.servers)) {
		return Choice{Server: -1, Level: -1}
	}
	b := levelOf(loads[server].all())
	return Choice{Server: server, Level: b, ExpectedMS: f.servers[server].value[b].cell}
}

// drawAvailable returns an available server, all equally likely, or -1.
func drawAvailable(loads []ServerLoad, rng *rand.Rand) int {
	chosen, seen := -1, 0
	for i := range loads {
		if !loads[i].Available {
			continue
		}
		if seen++; rng.IntN(seen) == 0 {
			chosen = i
		}
	}
	return chosen
}

// clamp is x moved into [low, high]; a NaN becomes low.
func clamp(x, low, high float64) float64 {
	if !(x >= low) {
		return low
	}
	return min(x, high)
}
