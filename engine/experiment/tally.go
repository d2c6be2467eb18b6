package experiment

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"slbtui/engine/report"
	"slbtui/engine/simulate"
	"slbtui/engine/stats"
	"slbtui/loadgen"
)

const (
	progressPeriod = 250 * time.Millisecond
	newest         = 512 // latencies behind the live p95
)

// tally sends a contest's trace and writes down what becomes of it.
type tally struct {
	*contest
	x           *experiment
	abort       context.CancelCauseFunc
	utilisation func() []float64 // of the servers now; nil outside

	mu       sync.Mutex // guards what follows, the contest's results, and the observer
	began    time.Time  // of the run; estimated until the first request is sent
	index    map[string]int16
	inFlight int
	ended    int
	failed   int
	recent   []float64 // ring of the newest latencies, ms
	next     int
	sentWith map[uint64]int // in-flight at the sending, of requests under way
}

func newTally(x *experiment, c *contest, abort context.CancelCauseFunc) *tally {
	t := &tally{contest: c, x: x, abort: abort, began: time.Now(), index: map[string]int16{}, sentWith: map[uint64]int{}}
	for i, id := range c.servers {
		t.index[id] = int16(i)
	}
	return t
}

// load makes a load generator send the trace: it is the engine's hook.
func (t *tally) load(cfg *loadgen.Config) {
	cfg.Schedule = loadgen.NewTrace(due(t.trace))
	cfg.Duration = 0
	cfg.Drain = cfg.Timeout // nothing is cut off that would still have been answered
	cfg.Prepare = t.prepare
	cfg.Until = until(t.trace)
	onSend, onResult, onGap := cfg.OnSend, cfg.OnResult, cfg.OnGap
	cfg.OnGap = func(g loadgen.Gap) {
		if onGap != nil {
			onGap(g)
		}
		t.stoodStill(g)
	}
	cfg.OnSend = func(seq uint64) int {
		t.sent(seq)
		if onSend == nil {
			return 0
		}
		return onSend(seq)
	}
	cfg.OnResult = func(r loadgen.Result) {
		if onResult != nil {
			onResult(r)
		}
		t.result(r)
	}
}

// prepare gives a request what belongs to it.
func (t *tally) prepare(seq uint64, r *http.Request) { bring(t.trace[seq-1], r.Header) }

func (t *tally) stoodStill(g loadgen.Gap) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stood += g.End - g.Start
	t.missed += g.Missed
}

func (t *tally) sent(seq uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inFlight++
	t.sentWith[seq] = t.inFlight
}

// result writes down a request that has ended.
func (t *tally) result(r loadgen.Result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.inFlight--
	inFlight := t.sentWith[r.Seq]
	delete(t.sentWith, r.Seq)
	if r.Cancelled {
		return
	}
	due := t.trace[r.Seq-1].Due
	t.began = r.Intended.Add(-due)
	t.length = max(t.length, r.Done.Sub(t.began))
	o := &t.outcomes[r.Seq-1]
	*o = outcome{latency: r.Latency(), lag: r.Lag(), server: t.server(r.Server), answered: true, failed: failed(r)}
	t.ended++
	if o.failed {
		t.failed++
	} else {
		t.remember(float64(o.latency) / float64(time.Millisecond))
	}
	if t.x.watch.Request == nil {
		return
	}
	part := report.PartWarm
	if int(r.Seq) <= simulate.Cold(len(t.trace)) {
		part = report.PartCold
	}
	err := t.x.watch.Request(report.Request{
		ID: r.Seq, At: r.Sent, Policy: t.name, Server: r.Server, Latency: o.latency, Status: r.Status,
		Success: !o.failed, Intended: due, Part: part, Repetition: t.repetition + 1, InFlight: inFlight,
	})
	if err != nil {
		t.abort(err)
	}
}

// failed tells whether a request was in vain. A status of 400 or above is: what was asked for
// exists on every server.
func failed(r loadgen.Result) bool { return r.Failed() || r.Status >= http.StatusBadRequest }

// server finds a server's index, or adds it: an outside balancer may have others.
func (t *tally) server(id string) int16 {
	if id == "" {
		return -1
	}
	i, known := t.index[id]
	if !known {
		if len(t.servers) >= maxServers {
			return -1 // whoever makes up a name a request gets no memory for it
		}
		i = int16(len(t.servers))
		t.servers, t.index[id] = append(t.servers, id), i
	}
	return i
}

const maxServers = 10_000

func (t *tally) remember(ms float64) {
	if len(t.recent) < newest {
		t.recent = append(t.recent, ms)
		return
	}
	t.recent[t.next%newest] = ms
	t.next++
}

// watchProgress tells the observer how the run goes and notes each second how busy the servers
// are, until the function it returns is called, which tells it once more.
func (t *tally) watchProgress() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(progressPeriod)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				t.look()
			case <-ctx.Done():
				t.look()
				return
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

func (t *tally) look() {
	var busy []float64
	if t.utilisation != nil {
		busy = t.utilisation()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	at := time.Since(t.began)
	if busy != nil && len(t.busy) < int(at/time.Second) {
		t.busy = append(t.busy, busy)
	}
	if t.x.watch.Progress != nil {
		t.x.watch.Progress(t.progress(at))
	}
}

func (t *tally) progress(at time.Duration) Progress {
	plan, contestants := t.x.plan, len(t.x.plan.Contestants())
	p := Progress{
		Repetition: t.repetition + 1, Repetitions: plan.Repetitions, Policy: t.name,
		Run: t.repetition*contestants + t.order + 1, Runs: plan.Repetitions * contestants,
		Done: t.x.done + t.ended, Failed: t.failed,
	}
	p.Total = p.Runs * len(t.trace)
	length := time.Duration(0)
	if n := len(t.trace); n > 0 {
		length = t.trace[n-1].Due
	}
	p.Left = max(0, length-at) + time.Duration(p.Runs-p.Run)*length
	if len(t.recent) > 0 {
		sorted := slices.Clone(t.recent)
		slices.Sort(sorted)
		p.P95MS = stats.Quantile(sorted, 0.95)
	}
	return p
}
