package steer

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"slbtui/engine/fit"
	"slbtui/engine/fit/logs"
	"slbtui/engine/metrics"
	"slbtui/engine/steer/haproxy"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy"
)

const (
	maxBackends   = 8    // of others that a log is about, by name
	agreementRate = 0.01 // step of its running mean
)

// observer learns from the lines of a log what q_factored learns from requests. It is safe for concurrent use.
type observer struct {
	backend  string
	options  policy.Options
	recorder *metrics.Recorder
	closed   bool // its servers are those of HAProxy: the log adds none

	mu        sync.Mutex
	servers   []string
	index     map[string]int
	available []bool // HAProxy uses it
	learner   *policy.QFactored
	overlap   *overlap
	clock     clock
	view      []policy.ServerView // scratch
	now       time.Duration
	agreement float64
	heard     heard
}

// heard is what came by way of log.
type heard struct {
	lines, used uint64
	last        time.Duration // when the last line came that was of use
	strangers   uint64        // lines of servers that the backend hasn't
	unserved    uint64        // that no server got
	elsewhere   uint64        // of other backends
	backends    []string      // their names, at most maxBackends
	not         uint64        // not understood
	problem     string        // of the first of these
}

func newObserver(backend string, o policy.Options, r *metrics.Recorder) *observer {
	w := &observer{backend: backend, options: o, recorder: r, index: map[string]int{}}
	w.setServers(nil)
	return w
}

// SetServers changes the servers to those of HAProxy. Of one that stays, by its name, all that was learned stays.
func (w *observer) SetServers(names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if !slices.Equal(names, w.servers) {
		w.setServers(names)
	}
}

func (w *observer) setServers(names []string) {
	old, oldNames := w.learner, w.servers
	w.servers, w.options.Servers = slices.Clone(names), make([]policy.ServerInfo, len(names))
	w.index = make(map[string]int, len(names))
	for i, name := range names {
		w.index[name] = i
		w.options.Servers[i] = policy.ServerInfo{ID: name, Weight: 1}
	}
	w.learner = policy.NewQFactored(w.options)
	if old != nil {
		for _, p := range old.Params() {
			_ = w.learner.SetParam(p.Name, p.Value) // it was in range before
		}
		_ = w.learner.Inherit(old, w.servers, oldNames) // one q_factored takes over from another whatever the servers
	}
	w.available = make([]bool, len(names))
	for i := range w.available {
		w.available[i] = true
	}
	w.view = make([]policy.ServerView, len(names))
	w.overlap = newOverlap(len(names), w.begins)
	w.recorder.SetServers(w.servers)
}

// SetAvailable says which servers HAProxy uses. It must be called with those of SetServers.
func (w *observer) SetAvailable(use func(server int) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.available {
		w.available[i] = use(i)
	}
}

// Line takes in a line that came at now, the time since the run began.
func (w *observer) Line(line []byte, now time.Duration) {
	told, err := logs.HAProxyLine(line)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard.lines++
	now = w.tick(now)
	switch {
	case err != nil:
		if w.heard.not++; w.heard.not == 1 {
			w.heard.problem = err.Error()
		}
		return
	case string(told.Pool) != w.backend:
		w.heard.other(string(told.Pool))
		return
	case len(told.Server) == 0:
		w.heard.unserved++
		return
	case told.Upgraded:
		return
	}
	server, known := w.server(told.Server)
	if !known {
		w.heard.strangers++
		return
	}
	w.heard.used++
	w.heard.last = now
	w.took(server, &told, now)
}

// tick keeps time from running backwards.
func (w *observer) tick(now time.Duration) time.Duration {
	w.now = max(w.now, now)
	return w.now
}

func (w *observer) server(name []byte) (int, bool) {
	i, known := w.index[string(name)]
	if known || w.closed || len(w.servers) >= haproxy.MaxServers || haproxy.CheckName(string(name)) != nil {
		return i, known
	}
	w.setServers(append(slices.Clone(w.servers), string(name)))
	return len(w.servers) - 1, true
}

func (w *observer) took(server int, told *logs.Told, now time.Duration) {
	f := flight{end: w.clock.place(told.End, now), server: server, others: int(told.Others), learn: learned(told)}
	f.start = f.end - told.Took()
	w.recorder.Served(metrics.Answer{
		Phase: w.recorder.CurrentPhase(), Server: w.servers[server], Latency: told.Took(),
		Failed: f.learn.is == failed || f.learn.is == timedOut, Abandoned: told.Left,
	})
	if f.learn.is == failed { // no level teaches anything of it, and to hear of it at once is worth a lot
		w.learn(&f, nil)
		f.learn.is = nothing
	}
	w.overlap.add(f)
}

// learned is what there is to learn of a request.
func learned(told *logs.Told) outcome {
	o := outcome{latency: told.FirstByte, status: told.Status, is: answered}
	switch {
	case told.Left || told.FirstByte < 0:
		o.is = nothing
	case told.Timeout || told.Status == http.StatusGatewayTimeout:
		o.is = timedOut
	case told.Outcome == fit.Failed && told.Status != http.StatusNotImplemented && told.Status != http.StatusHTTPVersionNotSupported:
		o.is = failed
	case told.Retried: // how long the last attempt took nobody tells
		o.is = nothing
	}
	return o
}

// begins takes in that a request came to its server, with what was there then.
func (w *observer) begins(f *flight, inFlight func(int) int) {
	if f.learn.is != nothing {
		w.learn(f, inFlight)
	}
}

// learn hands a decision of HAProxy and its outcome to the learner, as of now.
func (w *observer) learn(f *flight, inFlight func(int) int) {
	for i := range w.view {
		w.view[i] = policy.ServerView{Available: w.available[i], Reachable: true, CPU: -1, Weight: 1}
		if inFlight != nil {
			w.view[i].InFlight = inFlight(i)
		} else {
			w.view[i].InFlight = w.overlap.counts[i].now
		}
	}
	w.view[f.server].Available = true // it was: it has answered
	token, would := w.learner.Observe(policy.View{Now: w.now, Servers: w.view}, f.server)
	agrees := 0.0
	if would == f.server {
		agrees = 1
	}
	w.agreement += agreementRate * (agrees - w.agreement)
	o := policy.Outcome{Now: w.now, Latency: f.learn.latency, Status: f.learn.status}
	switch f.learn.is {
	case failed:
		o.Failure = policy.FailureRemote
	case timedOut:
		o.Failure, o.Status = policy.FailureTimeout, 0
	}
	w.learner.Done(token, o)
}

// Advance learns from all that is complete by now.
func (w *observer) Advance(now time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.overlap.advance(w.tick(now))
}

// Known tells what was learned of each server. The names are never changed.
func (w *observer) Known() ([]string, []factored.Service) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.servers, w.learner.Services(w.now)
}

// sight is what the observer sees at a moment.
type sight struct {
	servers   []string
	inFlight  []int
	learner   *policy.QFactored
	agreement float64
	heard     heard
	passed    uint64
}

// Sight is a copy of what is seen now.
func (w *observer) Sight() sight {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := sight{w.servers, make([]int, len(w.servers)), w.learner, w.agreement, w.heard, w.overlap.passed}
	s.heard.backends = slices.Clone(w.heard.backends)
	for i := range s.inFlight {
		s.inFlight[i] = w.overlap.counts[i].now
	}
	return s
}

// other takes note of a line of another backend.
func (h *heard) other(name string) {
	h.elsewhere++
	if len(h.backends) < maxBackends && !slices.Contains(h.backends, name) {
		h.backends = append(h.backends, name)
	}
}
