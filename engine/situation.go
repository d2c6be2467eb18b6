package engine

import (
	"errors"
	"fmt"
	"math"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
	"slbtui/engine/whatif"
	"slbtui/qlearn/factored"
	"slbtui/routing"
	"slbtui/routing/policy"
)

// situation is what is known of now: of simulated servers the truth, of others what q_factored has
// learned of them. On an error only the moment is filled in.
func (d *desk) situation(b *balancer) (question, error) {
	measured, status := d.recorder.Live(), b.pool.Status()
	q := question{about: live.WhatIf{State: live.WhatIfRunning, At: d.journal.Now(), Policy: b.router.Policy().Name()}}
	load := d.load.state(measured)
	q.situation.Rate, q.situation.Even = load.Rate, load.Arrivals == live.ArrivalsConstant
	if !load.Enabled {
		q.situation.Rate = load.Served
		q.assume("requests come at random, as many as in the last 5 s")
	} else if load.Paused || load.Finished {
		q.assume("the load, which rests now, goes on")
	}
	if !(q.situation.Rate > 0) {
		return q, errors.New("what if: no requests came in the last five seconds, so there is nothing to predict from")
	}
	if len(b.cfg.Servers) == 0 {
		return q, errors.New("what if: there are no servers yet, so there is nothing to predict from")
	}
	var services []factored.Service
	for i, cfg := range b.cfg.Servers {
		ours := b.ours[i]
		if ours == nil && services == nil {
			services = b.services()
			q.assume("servers that are not simulated are as q_factored has measured them; how many requests they serve at once is a guess until they queue; their faults stay")
		}
		var err error
		if ours != nil {
			q.addSimulated(d.simulated.like(cfg), ours.Faults())
		} else {
			err = q.addMeasured(cfg, &status[i], services[i], measured.Servers[i].Failures-measured.Servers[i].Abandoned, measured.Servers[i].Requests)
		}
		if err != nil {
			return q, err
		}
		if status[i].State == routing.StateDraining {
			q.out(cfg.ID, "drained")
		}
	}
	q.about.Rate = q.situation.Rate
	q.situation.Options, q.situation.Seed = b.cfg.PolicyOptions(), derive(d.seed, "what if")
	q.situation.Ejection = &simulate.Ejection{Outlier: b.cfg.Outlier, SlowStart: b.cfg.SlowStart}
	if name := d.player.Name(); name != "" {
		q.assume("what is still to come of scenario " + name + " is left out")
	}
	q.situation.Learned, q.situation.Routes = b.learned, q.about.Policy
	return q, nil
}

// learned is the learner of that name, nil when there is none.
func (b *balancer) learned(name string) policy.Learner {
	for _, l := range b.policies.Learners() {
		if l.Name() == name {
			return l
		}
	}
	return nil
}

// services asks the learner that keeps a table per server what the servers are like.
func (b *balancer) services() []factored.Service {
	for _, l := range b.policies.Learners() {
		if s, ok := l.(interface {
			Services(now time.Duration) []factored.Service
		}); ok {
			return s.Services(b.pool.Now())
		}
	}
	return make([]factored.Service, len(b.cfg.Servers))
}

func (q *question) assume(text string) { q.about.Assumed = append(q.about.Assumed, text) }

func (q *question) addSimulated(s simulate.Server, faults []fault.Span) {
	q.situation.Servers = append(q.situation.Servers, s)
	for _, f := range faults {
		text := f.String()
		if f.For > 0 {
			text += fmt.Sprintf(", %s left", max(f.For.Round(time.Second), time.Second))
		}
		q.add(text, whatif.Fault{Server: s.ID, Span: f})
	}
}

// addMeasured adds a server that runs elsewhere. One that is out of use stays out.
func (q *question) addMeasured(cfg config.Server, u *routing.UpstreamStatus, s factored.Service, failures, requests uint64) error {
	server := simulate.Server{ID: cfg.ID, BaseDelayMS: s.MeanMS, Sigma: s.Spread, Weight: cfg.Weight, Zone: cfg.Zone}
	if !math.IsInf(s.Slots, 1) {
		server.Workers = int(math.Ceil(s.Slots))
	}
	if s.Measured == 0 {
		if u.State == routing.StateUp && failures == 0 {
			return fmt.Errorf("what if: %s has not answered a request yet, so nothing is known of it", cfg.ID)
		}
		server.BaseDelayMS = 1 // it is out or fails always, so it does not matter
	}
	q.situation.Servers = append(q.situation.Servers, server)
	if u.State == routing.StateDown || u.State == routing.StateEjected {
		q.out(cfg.ID, u.State.String())
		return nil
	}
	if s.Measured > 0 {
		text := fmt.Sprintf("%s: %.3g ms", cfg.ID, s.MeanMS)
		if server.Workers > 0 {
			text += fmt.Sprintf(", about %d at once", server.Workers)
		}
		q.assume(text)
	}
	if s.Speed > 0 && math.Abs(math.Log(s.Speed)) > 0.05 {
		q.add(fault.Fault{Slow: s.Speed}.String(), whatif.Fault{Server: cfg.ID, Span: fault.Span{Fault: fault.Fault{Slow: min(s.Speed, fault.MaxSlow)}}})
	}
	if failures > 0 {
		share := float64(failures) / float64(requests)
		flaky := fault.Fault{ErrorRate: share}
		q.add(flaky.String(), whatif.Fault{Server: cfg.ID, Span: fault.Span{Fault: flaky}})
	}
	return nil
}

// out lets no request reach a server: one that has crashed before time zero starts out of rotation.
func (q *question) out(id, why string) {
	q.add(why, whatif.Fault{Server: id, Span: fault.Span{Fault: fault.Fault{Crash: true}}})
}

func (q *question) add(text string, f whatif.Fault) {
	q.situation.Faults = append(q.situation.Faults, f)
	q.about.Faults = append(q.about.Faults, f.Server+" "+text)
}
