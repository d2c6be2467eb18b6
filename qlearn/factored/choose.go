package factored

import (
	"math"
	"math/rand/v2"
	"time"
)

// Loads is what a decision sees of the servers. It is an interface so that a decision among many looks
// at a few only.
type Loads interface {
	Len() int
	Load(server int) ServerLoad
	Unheard() float64 // share of ServerLoad.Foreign, a mean, that no report has filled yet: 0-1
}

// LoadList is Loads at hand, by server.
type LoadList []ServerLoad

// Len is how many servers there are.
func (l LoadList) Len() int { return len(l) }

// Load is that of one server.
func (l LoadList) Load(server int) ServerLoad { return l[server] }

// Unheard is 0: all has been told.
func (l LoadList) Unheard() float64 { return 0 }

// ServerLoad is what a decision needs to know of one server at its instant. It has four words and not more, so that
// the compiler keeps it in registers.
type ServerLoad struct {
	InFlight  int           // the balancer's own requests that keep the server busy
	Foreign   float64       // those of other balancers, which queue like the own ones; below 0 when nobody tells
	OldestAge time.Duration // of the oldest own request in flight; 0 when there is none
	Available bool          // may be chosen
}

// told is whether other balancers tell what they have.
func (l *ServerLoad) told() bool { return l.Foreign >= 0 }

// nearest is the level of a number of requests that need not be whole.
func nearest(held float64) int { return levelOf(int(held + 0.5)) }

// Choice is a decision, with what Learn wants to hear again when the request has ended.
type Choice struct {
	Server     int     // -1 when no server is available
	Level      int     // of the server's in-flight count at the decision
	ExpectedMS float64 // the cell's value at the decision, without the speed factor and the common one; 0 when unknown
	Explored   bool    // the server was drawn at random
}

// Choose returns the available server with the lowest score, ties at random, or now and then one at random
// (explore). Above 32 servers the lowest is that of 16 drawn at random.
func (f *Learner) Choose(now time.Duration, loads Loads, rng *rand.Rand) Choice {
	var c Choice
	if x := f.explore(loads, rng); x >= 0 {
		c = f.At(x, loads)
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

// troubleDraws is how many times as likely as others a server is drawn that failed or refused: the score keeps it
// from being chosen long after it has recovered, and only an answer tells that it has.
const troubleDraws = 5

// explore returns an available server drawn at random with probability ExplorationRate, all equally
// likely, and those in trouble more often; or -1.
func (f *Learner) explore(loads Loads, rng *rand.Rand) int {
	if f.cfg.ExplorationRate <= 0 {
		return -1
	}
	x := rng.Float64()
	if x >= troubleDraws*f.cfg.ExplorationRate {
		return -1
	}
	i := f.drawOne(loads, rng)
	if i >= 0 && x >= f.cfg.ExplorationRate && !f.servers[i].trouble.any {
		return -1
	}
	return i
}

// Best is Choose without exploring. All that it leaves in the learner is what the view shows of who is away
// and who holds how much.
func (f *Learner) Best(now time.Duration, loads Loads, rng *rand.Rand) Choice {
	best, lowest, ties, level := -1, math.Inf(1), 0, 0
	t := now.Seconds()
	for _, i := range f.draw(loads, rng) {
		load, s := loads.Load(int(i)), &f.servers[i]
		held := f.held(loads, &load, s) // by the mean of before
		f.witness(now, s, &load)
		if !load.Available {
			continue
		}
		switch score := f.score(s, t, &load, held).total(); {
		case score < lowest || best < 0:
			best, lowest, ties, level = int(i), score, 1, nearest(held)
		case score == lowest:
			if ties++; rng.IntN(ties) == 0 { // each of the ties so far is equally likely
				best, level = int(i), nearest(held)
			}
		}
	}
	return f.choice(best, level)
}

// At is the choice of a server that someone else made.
func (f *Learner) At(server int, loads Loads) Choice {
	if server < 0 || server >= f.reach(loads) {
		return f.choice(-1, 0)
	}
	load := loads.Load(server)
	return f.choice(server, nearest(f.held(loads, &load, &f.servers[server])))
}

func (f *Learner) choice(server, level int) Choice {
	if server < 0 {
		return Choice{Server: -1, Level: -1}
	}
	return Choice{Server: server, Level: level, ExpectedMS: f.servers[server].value[level].cell / f.common}
}

// reach is how many servers a decision may look at.
func (f *Learner) reach(loads Loads) int { return min(loads.Len(), len(f.servers)) }
