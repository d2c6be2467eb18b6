package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"time"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/engine/stage"
	"slbtui/loadgen"
	"slbtui/routing/http1"
)

// clientIdleTimeout closes connections that a lower rate left over.
const clientIdleTimeout = 15 * time.Second

// load is the run's own clients, and what they saw. Nil where traffic comes from elsewhere: then nothing of it
// can be changed.
type load struct {
	generator *loadgen.Generator
	start     float64             // requests/s, before anybody changed it
	clients   *http1.RoundTripper // nil when the generator brings its own
	arrivals  string
	recorded  bool // the requests come from a recording
	journal   *journal
	recorder  *metrics.Recorder
}

// newLoad makes the load of a configuration. to is the proxy's address, and change, unless nil, has the last word.
func newLoad(t config.Traffic, to string, seed uint64, change func(*loadgen.Config), j *journal, r *metrics.Recorder) (*load, error) {
	l := &load{arrivals: t.Arrivals, journal: j, recorder: r}
	cfg := loadgen.Config{
		URL: cmp.Or(t.TargetURL, "http://"+to+"/"), Rate: t.RequestRate, Arrivals: t.Arrivals,
		Duration:    time.Duration(t.DurationSeconds * float64(time.Second)),
		MaxInFlight: t.MaxInFlight, Timeout: t.Timeout, Seed: derive(seed, "load"),
		OnSend:   func(uint64) int { return r.CurrentPhase() },
		OnResult: l.answered, OnGap: l.stoodStill,
	}
	if change != nil {
		change(&cfg)
	}
	if cfg.Transport == nil {
		l.clients = newClients(cfg)
		cfg.Transport = l.clients
	}
	l.start = cfg.Rate
	var err error
	if l.generator, err = loadgen.New(cfg); err != nil {
		return nil, fmt.Errorf("traffic: %w", err)
	}
	return l, nil
}

// newClients is the client's half of the load: it shares the machine with what it measures, so
// plain requests go the short way.
func newClients(cfg loadgen.Config) *http1.RoundTripper {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		u = &url.URL{} // the generator says what is wrong with it
	}
	addr := net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "80"))
	dialer := net.Dialer{Timeout: cfg.Timeout}
	return &http1.RoundTripper{
		Transport: http1.New(http1.Config{
			Dial:        func(ctx context.Context) (net.Conn, error) { return dialer.DialContext(ctx, "tcp", addr) },
			IdleTimeout: clientIdleTimeout, MaxIdle: max(cfg.MaxInFlight, cfg.Users),
		}),
		Addr:  u.Host,
		Other: loadgen.NewTransport(cfg),
	}
}

// run sends until ctx has ended or its configured duration is over.
func (l *load) run(ctx context.Context) error {
	if l.clients != nil {
		defer l.clients.CloseIdleConnections()
	}
	if err := l.generator.Run(ctx); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return nil
	}
	l.journal.Event(metrics.EventLoad, "load finished: its duration is over")
	return stage.ErrFinished
}

// answered is called by the generator once for each request: what a client saw.
func (l *load) answered(r loadgen.Result) {
	if r.Cancelled {
		return
	}
	l.recorder.Request(metrics.Answer{Phase: r.Tag, Server: r.Server, Latency: r.Latency(), Failed: r.Failed()})
}

// stoodStill is called by the generator after a gap. A load that rested and had nothing in flight has lost nothing.
func (l *load) stoodStill(g loadgen.Gap) {
	if s := l.generator.Stats(); g.Missed == 0 && s.Paused && s.InFlight == 0 {
		return
	}
	l.recorder.StoodStill(g.End - g.Start)
	l.journal.Event(metrics.EventWarning, fmt.Sprintf(
		"stood still for %.1f s: %d requests due in it were not sent, and this phase is not comparable", (g.End-g.Start).Seconds(), g.Missed))
}

var errRecorded = errors.New("the requests come from a recording, when they came: there is no rate to change, and no pause")

var errElsewhere = errors.New("no built-in load in this run: traffic comes from elsewhere")

// Ready says why no scenario can begin now.
func (l *load) Ready() error {
	switch s := l.generator.Stats(); {
	case s.Finished:
		return errors.New("the load has finished")
	case s.Paused:
		return errors.New("the load is paused; resume it first")
	default:
		return nil
	}
}

// Rate is the offered rate in requests/s.
func (l *load) Rate() float64 { return l.generator.Stats().Rate }

// SetRate changes the offered rate.
func (l *load) SetRate(rate float64) error {
	if l == nil {
		return errElsewhere
	}
	if l.recorded {
		return errRecorded
	}
	if math.IsNaN(rate) || rate < 0 || rate > live.MaxRate {
		return fmt.Errorf("rate %g: must be 0-%d requests/s", rate, live.MaxRate)
	}
	if rate == l.Rate() {
		return nil
	}
	if err := l.generator.SetRate(rate); err != nil {
		return err
	}
	l.journal.Event(metrics.EventLoad, fmt.Sprintf("rate %.4g requests/s", rate))
	return nil
}

// SetShape gives the load a shape over time; nil takes it away.
func (l *load) SetShape(shape loadgen.Shape) error { return l.generator.SetShape(shape) }

// obey pauses or resumes the load.
func (l *load) obey(c live.SetPaused) error {
	if l == nil {
		return errElsewhere
	}
	if l.recorded && c.Paused {
		return errRecorded
	}
	if c.Paused == l.generator.Stats().Paused {
		return nil
	}
	l.generator.SetPaused(c.Paused)
	word := "resumed"
	if c.Paused {
		word = "paused"
	}
	l.journal.Event(metrics.EventLoad, "load "+word)
	return nil
}

// state is how the load is, of which served requests are those measured.
func (l *load) state(measured metrics.Live) live.Load {
	out := live.Load{Served: float64(measured.Now.Requests) / max(1, measured.Now.ElapsedS)}
	if l == nil {
		return out
	}
	s := l.generator.Stats()
	out.Enabled, out.Rate, out.Start, out.Arrivals, out.Paused, out.Finished = true, s.Rate, l.start, live.Arrivals(l.arrivals), s.Paused, s.Finished
	if l.recorded {
		out.Recorded, out.Arrivals = true, live.ArrivalsRecorded
	}
	out.Scheduled, out.Sent, out.Completed, out.Failed, out.Dropped = s.Scheduled, s.Sent, s.Completed, s.Failed, s.Dropped
	out.LagP99MS, out.Lagging = s.LagP99MS, s.Lagging
	return out
}
