package engine

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"slbtui/backends"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/lookback"
	"slbtui/engine/metrics"
	"slbtui/engine/play"
	"slbtui/engine/summary"
	"slbtui/loadgen"
	"slbtui/routing/policy"
	"slbtui/routing/proxy"
)

// Options is what a run needs beyond its configuration.
type Options struct {
	Seed     uint64
	Duration time.Duration // of the run, 0 until its context ends
	Plan     []PlannedPhase
	// Listen overrides the configured address of the proxy. It is then an error if the port is taken.
	Listen string
	// ServeOnly leaves the built-in load generator out: traffic comes from elsewhere.
	ServeOnly bool
	// Attended says that somebody watches who can resume the load. It then begins paused where it would reach
	// anything that is not simulated: servers that people use are not to be loaded by a look at the console.
	Attended bool
	// Load, if set, may change what the built-in load generator is to do before it is made.
	Load func(*loadgen.Config)
	// Backend, if set, may change what a simulated server is to be before it is made: what no configuration has.
	Backend func(*backends.Config)
	// Faults are injected by themselves, at their times.
	Faults []play.Fault
	// Replay is what Load sends, and what happens to the servers meanwhile, again and again; nil when that is no recording.
	Replay *play.Day
	// Alone lets no learner watch in shadow: a policy is measured by itself.
	Alone bool
	// Export writes a run summary for the Export command and returns its folder. Nil refuses the command.
	Export func(summary.Run) (folder string, err error)
	// Learned is the file that learned tables are loaded from at the start, if it exists, and saved to at the
	// end of Run. Empty: learners start empty, and what they learn is lost.
	Learned string
	// Version of the program, for the summary.
	Version string
}

// PlannedPhase lets one policy route for a time. After the last one the run ends.
type PlannedPhase struct {
	Policy string
	For    time.Duration
}

// Engine is one run: servers, proxy, load and what is learned from them. Make a new one for each run. It puts
// the parts together; who may touch what is said by the type of each.
type Engine struct {
	opts     Options
	journal  *journal
	recorder *metrics.Recorder

	frontend   *frontend
	current    current
	assembly   *assembly
	companions []namedCompanion
	balancers  int // that share the servers, as the others were counted; 0: as the configuration says

	ring      *lookback.Ring
	simulated *simulated
	roster    *roster // nil unless servers are found
	load      *load   // nil when ServeOnly
	player    *play.Player
	desk      *desk

	commands chan envelope
	done     chan struct{}
	sampler  *sampler
	snapshot atomic.Pointer[live.Snapshot]
}

// New builds a run from a valid configuration. It opens no socket and starts no goroutine: see Listen and Run.
func New(cfg config.Config, opts Options) (*Engine, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	_, socket := config.Socket(opts.Listen)
	if l := opts.Listen; l != "" && !socket && !config.IsHostPort(l) && !config.IsHostPort("localhost"+l) { // :8080 is every address
		return nil, fmt.Errorf("--listen %s: want HOST:PORT, such as 127.0.0.1:8080, or unix:/PATH", l)
	}
	if opts.Listen == "" {
		_, socket = config.Socket(cfg.LoadBalancer.Host)
	}
	if socket && !opts.ServeOnly {
		return nil, errors.New("load_balancer.host: the built-in load speaks TCP; listen on a socket with slbtui serve")
	}
	if cfg.LoadBalancer.TLS.On() && !opts.ServeOnly {
		return nil, errors.New("load_balancer.tls: the built-in load speaks plain HTTP; use TLS with slbtui serve")
	}
	switch {
	case !cfg.Discovery.On():
	case len(cfg.Servers) > 0:
		return nil, errors.New("discovery finds the servers: there are none to be given")
	case opts.Learned != "":
		return nil, errors.New("--learned keeps tables of servers that stay; those that discovery finds come and go: leave it out")
	}
	if cfg.Cluster.On() && !opts.ServeOnly {
		return nil, errors.New("cluster: replicas serve traffic from elsewhere; use slbtui serve")
	}
	j := newJournal()
	policies, err := policy.NewSet(policyOptions(cfg, opts.Seed, j), cfg.LoadBalancer.Learner)
	if err != nil {
		return nil, err
	}
	for _, p := range opts.Plan {
		if _, err := policies.Get(p.Policy); err != nil {
			return nil, err
		}
	}
	if len(opts.Plan) > 0 {
		cfg.LoadBalancer.Policy = opts.Plan[0].Policy
	}
	e := &Engine{
		opts: opts, journal: j, recorder: metrics.NewRecorder(cfg.ServerIDs()), frontend: newFrontend(j),
		current:  current{b: &balancer{cfg: cfg, policies: policies}},
		commands: make(chan envelope), done: make(chan struct{}), ring: lookback.NewRing(),
	}
	if e.simulated, err = newSimulated(cfg.Servers, opts, j); err != nil {
		return nil, err
	}
	if err := e.simulated.check(opts.Faults); err != nil {
		return nil, err
	}
	if e.roster, err = newRoster(e, cfg.Discovery); err != nil {
		return nil, err
	}
	e.assembly = &assembly{
		seed: opts.Seed, name: proxy.NewName(), alone: opts.Alone,
		journal: j, recorder: e.recorder, frontend: e.frontend, simulated: e.simulated, observe: e.exchanged,
	}
	if opts.ServeOnly {
		e.assembly.run = config.Serving
	}
	if err := e.loadLearned(); err != nil {
		return nil, err
	}
	return e, nil
}

// exchanged is called by the proxy once for each request it has finished with.
func (e *Engine) exchanged(x proxy.Exchange) {
	for _, c := range e.companions {
		c.Observe(x)
	}
	e.ring.Observe(&x)
	if x.Policy == "" { // nothing was routed
		return
	}
	if x.Outcome.Cancelled {
		e.abandoned(x)
		return
	}
	a := metrics.Answer{Phase: e.recorder.CurrentPhase(), Server: x.ServerID, Latency: x.Latency, Failed: x.Outcome.Failed()}
	if e.load != nil { // what clients see, it knows
		e.recorder.Attempt(a)
		return
	}
	a.Refused = x.Status >= http.StatusInternalServerError
	e.recorder.Served(a)
}

// abandoned tells at the server what its clients saw, when they are the run's own and have waited for it as long
// as they may. What hangs up from elsewhere has reasons of its own, and at the end of the load all is cut off.
func (e *Engine) abandoned(x proxy.Exchange) {
	if e.load == nil || *e.journal.state.Load() != live.RunRunning || e.load.generator.Finished() {
		return
	}
	e.recorder.Attempt(metrics.Answer{Server: x.ServerID, Latency: x.Latency, Abandoned: true})
}

// derive makes an independent seed for one part of the run, the same for the same seed and name.
func derive(seed uint64, name string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strconv.FormatUint(seed, 16) + "/" + name)) // a hash never fails to write
	return h.Sum64()
}
