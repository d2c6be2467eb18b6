package steer

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/printable"
	"slbtui/engine/steer/haproxy"
	"slbtui/routing/policy/weights"
)

const (
	shownPhases  = 50
	shownSeconds = 300
	shownRows    = 300
	slow         = 2 // a server is SLOW when it takes so many times as long as its table says
	window       = 5 // seconds of metrics.Summary as of now
	megabyte     = 1 << 20
	// quiet is how long a log may say nothing of use before somebody is told.
	quiet     = 10 * time.Second
	fewInVain = 20 // or so many lines
)

// sampler remembers what there is from one picture to the next. It is used by one goroutine.
type sampler struct {
	seq      uint64
	seconds  int
	rewards  []float64
	deltas   []float64
	state    live.RunState
	toldOf   string // what is wrong with the log
	heap     float64
	memories runtime.MemStats
}

// sample takes a picture.
func (e *Engine) sample() {
	now, seen := e.now(), e.observer.Sight()
	for e.sampler.seconds < int(now/time.Second) {
		e.sampler.seconds++
		e.closeSecond(time.Duration(e.sampler.seconds)*time.Second, seen)
	}
	s := &e.sampler
	s.seq++
	if s.state == "" {
		s.state = live.RunRunning
	}
	measured := e.recorder.Live()
	phases, _ := e.recorder.Phases(now, shownPhases)
	name := routedBy
	if e.opts.Means != ReadOnly {
		name = steered
	}
	snap := &live.Snapshot{
		Seq: s.seq, At: now, Started: e.began, Duration: e.opts.Duration, Seed: e.opts.Policy.Seed, State: s.state, Program: e.opts.Version,
		Policy: name, RL: seen.learner.Name(), Policies: []live.PolicyInfo{
			{Name: name, Summary: "HAProxy chooses: slbtui watches its log"}, {Name: seen.learner.Name(), Summary: "what is learned from it", Learner: true},
		},
		Load:    live.Load{Served: float64(measured.Now.Requests) / window, Completed: seen.heard.used},
		Seconds: measured.Seconds[max(0, len(measured.Seconds)-shownSeconds):], Now: measured.Now, Phases: phases,
		Learners: e.learners(seen), Events: e.events.Latest(keptEvents),
		Cost: live.Cost{HeapMB: s.heap, Goroutines: runtime.NumGoroutine()},
	}
	e.servers(snap, seen, measured)
	e.snapshot.Store(snap)
}

func (e *Engine) closeSecond(at time.Duration, seen sight) {
	gauges := make([]metrics.Gauge, len(seen.servers))
	for i := range gauges {
		gauges[i] = metrics.Gauge{InFlight: seen.inFlight[i], Utilisation: -1}
	}
	e.recorder.CloseSecond(at, gauges)
	stats, s := seen.learner.Stats(), &e.sampler
	s.rewards, s.deltas = appendKept(s.rewards, stats.Reward), appendKept(s.deltas, stats.DeltaQ)
	runtime.ReadMemStats(&s.memories)
	s.heap = float64(s.memories.HeapAlloc) / megabyte
}

// appendKept forgets the oldest by moving the window: a picture may hold the slice.
func appendKept(curve []float64, v float64) []float64 {
	if len(curve) == shownSeconds {
		curve = curve[1:]
	}
	return append(curve, v)
}

func (e *Engine) learners(seen sight) []live.Learner {
	l := seen.learner
	return []live.Learner{{
		Name: l.Name(), Params: l.Params(), Stats: l.Stats(), Table: l.Table(shownRows), Agreement: seen.agreement,
		Decisions: l.Explained(), Rewards: e.sampler.rewards, DeltaQs: e.sampler.deltas,
	}}
}

// servers puts together what the log, HAProxy and the judge say of each server.
func (e *Engine) servers(snap *live.Snapshot, seen sight, measured metrics.Live) {
	st := &live.Steering{By: string(e.opts.Means), Lines: seen.heard.lines, Used: seen.heard.used, Passed: seen.passed, Problem: e.sampler.toldOf}
	at := map[string]haproxy.Server{}
	if e.hand != nil {
		process, servers, problem := e.hand.Seen()
		st.Process = fmt.Sprintf("HAProxy %s, process %d", process.Version, process.PID)
		if problem != "" {
			st.Problem = problem
		}
		for _, s := range servers {
			at[s.Name] = s
		}
	}
	var all uint64
	for _, w := range measured.Servers {
		all += w.Requests
	}
	given := e.judge.given
	for i, name := range seen.servers {
		s := live.Server{ID: name, State: live.ServerOK, Utilisation: -1, CPU: -1, InFlight: seen.inFlight[i]}
		if i < len(measured.Servers) && i < len(measured.Totals) && measured.Totals[i].ID == name {
			s.Window, s.Requests, s.Failures, s.Abandoned = measured.Servers[i], measured.Totals[i].Requests, measured.Totals[i].Failures, measured.Totals[i].Abandoned
			if all > 0 {
				s.Share = float64(s.Window.Requests) / float64(all)
			}
		}
		to := live.SteeredServer{ID: name, Weight: -1, Has: -1}
		if i < len(given) && i < len(e.judge.servers) && e.judge.servers[i] == name {
			w := given[i]
			to.Why = why(w)
			if w.Reason != weights.Learning {
				to.Weight = w.Value
			}
			if e.opts.MaxConns {
				to.MaxConn = maxConnOf(w)
			}
			s.State = stateBy(w)
		}
		if there, ok := at[name]; ok {
			s.Addr, s.InFlight, s.Queued, to.Has = there.Addr, there.Current, there.Queued, there.Weight
			s.State = stateAt(there, s.State)
		}
		snap.Servers, st.Servers = append(snap.Servers, s), append(st.Servers, to)
	}
	snap.Steering = st
}

func stateBy(w weights.Weight) live.ServerState {
	switch {
	case w.Reason == weights.Fails || w.Reason == weights.AllFail:
		return live.ServerEjected
	case w.Speed > slow:
		return live.ServerSlow
	}
	return live.ServerOK
}

func stateAt(s haproxy.Server, learned live.ServerState) live.ServerState {
	switch {
	case s.Takes():
		return learned
	case strings.HasPrefix(s.Status, "DRAIN"), strings.HasPrefix(s.Status, "MAINT"):
		return live.ServerDraining
	}
	return live.ServerDown
}

// checkLog tells once in a sentence why nothing can be learned from the log.
func (s *sampler) checkLog(e *Engine, now time.Duration) {
	h := e.observer.Sight().heard
	problem := ""
	if in := h.lines; now-h.last > quiet && (now > quiet || in >= fewInVain) || h.used == 0 && in >= fewInVain {
		problem = h.wrong(e.opts.Backend, e.opts.Source.String())
	}
	if problem != s.toldOf {
		s.toldOf = problem
		if problem != "" {
			e.event(metrics.EventWarning, "", problem)
		} else {
			e.event(metrics.EventSteer, "", "the log tells of requests")
		}
	}
}

// wrong says why there is nothing to learn from, "" where it is only that no requests come.
func (h *heard) wrong(backend, source string) string {
	useless := h.not + h.elsewhere + h.strangers + h.unserved
	switch {
	case h.lines == 0:
		return fmt.Sprintf("no line of a log has come at %s: HAProxy needs \"log %s local0\" in its global section, and \"log global\" and \"option httplog\" in defaults", source, source)
	case h.used > 0:
		return ""
	case h.not*2 > useless:
		return fmt.Sprintf("%d lines have come, and they are not those of \"option httplog\" (%s): it needs that line in the frontend or in defaults, without option tcplog or a log-format of its own", h.not, printable.Line(h.problem))
	case h.elsewhere > h.strangers+h.unserved:
		return fmt.Sprintf("the log tells of other backends only (%.200s): %s is not among them", printable.Line(strings.Join(h.backends, ", ")), backend)
	case h.strangers > 0:
		return fmt.Sprintf("the log tells of servers that HAProxy's backend %s has not: is it the log of another HAProxy?", backend)
	}
	return fmt.Sprintf("no server of backend %s got any of the %d requests in the log", backend, h.unserved)
}
