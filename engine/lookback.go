package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/lookback"
	"slbtui/engine/metrics"
	"slbtui/engine/simulate"
)

// askBack takes down what is known of the last minutes and leaves the rest to run. A failure is also on the snapshot.
func (d *desk) askBack(b *balancer) error {
	if err := running(&d.back); err != nil {
		return err
	}
	about := live.WhatIf{State: live.WhatIfRunning, At: d.journal.Now(), Policy: b.router.Policy().Name(), Past: &live.Past{}}
	log, routed := d.ring.Log(b.cfg.ServerIDs(), lookback.Most(len(b.cfg.Servers), len(b.policies.Options().Specs())+1), lookback.Longest, d.complete(b))
	var err error
	if len(log.Requests) == 0 {
		err = fmt.Errorf("looking back: no request has been answered yet")
	} else {
		first, last := log.Requests[0].Start, log.Requests[len(log.Requests)-1].Start
		about.Past = &live.Past{From: d.journal.sinceBegan(first), Requests: len(log.Requests), Routed: routed, Reasons: []string{}}
		about.Horizon = last - first
		about.Rate = float64(len(log.Requests)) / max((last-first).Seconds(), 1e-3)
	}
	q := lookback.Question{
		Log: log, Routes: about.Policy, Options: b.cfg.PolicyOptions(), Seed: derive(d.seed, "look back"), Learned: b.learned,
		Ejection: &simulate.Ejection{Outlier: b.cfg.Outlier, SlowStart: b.cfg.SlowStart},
	}
	if err == nil {
		q.World, about.Faults = d.world(b, about.Past.From, log.Requests[len(log.Requests)-1].Start-log.Requests[0].Start+time.Millisecond, about.Rate)
	}
	return d.begin(task{about: about, shown: &d.back, within: maxLookBack,
		work: func(ctx context.Context, tell func(func(*live.WhatIf))) error {
			q.Yield = resting()
			return lookback.Predict(ctx, q, func(past live.Past, p live.Prediction) {
				past.From, past.Routed = about.Past.From, routed
				tell(func(w *live.WhatIf) { w.Past, w.Prediction = &past, p })
			})
		}}, err)
}

// longestUnderWay bounds how much of the latest minutes a request that takes its time may hide.
const longestUnderWay = 30 * time.Second

// complete is until when the requests that had begun have ended: until the oldest began that is under way.
func (d *desk) complete(b *balancer) time.Time {
	oldest := time.Duration(0)
	for _, u := range b.pool.Status() {
		oldest = max(oldest, u.OldestAge)
	}
	return time.Now().Add(-min(oldest, longestUnderWay))
}

// world is what the servers are like and what they suffered in a stretch of the run, and the faults in words. It is nil
// where a server is not simulated, or draws its service times in a way that cannot be read from its answers.
func (d *desk) world(b *balancer, from, length time.Duration, rate float64) (*simulate.Scenario, []string) {
	w := &simulate.Scenario{Duration: length, Rate: rate, ClientTimeout: b.cfg.Traffic.Timeout, Zones: []string{b.cfg.LoadBalancer.Zone}}
	for i, cfg := range b.cfg.Servers {
		if b.ours[i] == nil {
			return nil, nil
		}
		s := d.simulated.like(cfg)
		if s.Pareto > 0 {
			return nil, nil
		}
		w.Servers = append(w.Servers, s)
	}
	ids, words := b.cfg.ServerIDs(), []string{}
	add := func(f simulate.Fault, end time.Duration) {
		if end <= from || f.At >= from+length || !slices.Contains(ids, f.Server) {
			return
		}
		f.At = max(0, f.At-from)
		if end < from+length {
			f.For = end - from - f.At
		}
		w.Faults = append(w.Faults, f)
	}
	now := d.journal.Now()
	for _, s := range metrics.FaultSpans(d.journal.events.Latest(keptEvents), now) {
		before := len(w.Faults)
		for _, f := range s.Fault.Split() {
			add(simulate.Fault{Server: s.Server, At: s.From, Fault: f}, s.To)
		}
		if len(w.Faults) > before {
			words = append(words, s.Server+" "+s.Fault.String())
		}
	}
	for _, o := range d.drains.spans {
		before := len(w.Faults)
		add(simulate.Fault{Server: o.server, At: o.from, Out: true}, o.end(now))
		if len(w.Faults) > before {
			words = append(words, o.server+" drained")
		}
	}
	return w, words
}

// like is a simulated server for virtual time.
func (w *simulated) like(cfg config.Server) simulate.Server {
	c := w.config(cfg)
	s := simulate.Server{
		ID: cfg.ID, BaseDelayMS: c.BaseDelayMS, Workers: c.Workers, Sigma: c.Sigma, Weight: cfg.Weight, Zone: cfg.Zone,
		Pareto: c.Pareto, Limit: c.Limit, LimitStatus: c.LimitStatus,
	}
	if c.Sharing {
		s.Discipline = simulate.Sharing
	}
	return s
}

// drains remembers when servers got no new requests because an operator said so. It is the control goroutine's.
type drains struct{ spans []drained }

type drained struct {
	server   string
	from, to time.Duration // since the run began; to is 0 while it lasts
}

func (o *drained) end(now time.Duration) time.Duration {
	if o.to == 0 {
		return now
	}
	return o.to
}

// note takes down an order that was carried out.
func (d *drains) note(c live.DrainServer, now time.Duration) {
	d.spans = slices.DeleteFunc(d.spans, func(o drained) bool { return o.to > 0 && o.to < now-lookback.Longest })
	i := slices.IndexFunc(d.spans, func(o drained) bool { return o.server == c.Server && o.to == 0 })
	switch {
	case c.Drain && i < 0:
		d.spans = append(d.spans, drained{server: c.Server, from: now})
	case !c.Drain && i >= 0:
		d.spans[i].to = now
	}
}
