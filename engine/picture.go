package engine

import (
	"time"

	"slbtui/engine/config"
	"slbtui/engine/live"
	recorded "slbtui/engine/metrics"
	"slbtui/engine/stats"
	"slbtui/routing"
	"slbtui/routing/policy"
)

// length is how long a run is to last, 0 when it is open-ended.
func length(o Options, t config.Traffic) time.Duration {
	var sum time.Duration
	for _, p := range o.Plan {
		sum += p.For
	}
	for _, d := range []time.Duration{o.Duration, time.Duration(t.DurationSeconds * float64(time.Second))} {
		if d > 0 && (sum == 0 || d < sum) {
			sum = d
		}
	}
	return sum
}

// versus compares the last phase of a learner with the last one of round robin, nil while there are
// not both.
func versus(r *recorded.Recorder, phases []recorded.Phase) *recorded.Difference {
	rr, other := 0, 0
	for _, p := range phases {
		if p.Policy == policy.Baseline {
			rr = p.Number
		} else {
			other = p.Number
		}
	}
	if rr == 0 || other == 0 {
		return nil
	}
	d := r.Difference(rr, other, stats.StudentT)
	return &d
}

func policyInfos(specs []policy.Spec) []live.PolicyInfo {
	out := make([]live.PolicyInfo, len(specs))
	for i, s := range specs {
		out[i] = live.PolicyInfo{Name: s.Name, Summary: s.Summary, Learner: s.Learner}
	}
	return out
}

// state is how the servers are, of which the pool says status.
func (b *balancer) state(status []routing.UpstreamStatus, measured recorded.Live) []live.Server {
	var all uint64
	for _, w := range measured.Servers {
		all += w.Requests
	}
	out := make([]live.Server, len(status))
	for i, u := range status {
		cfg := b.cfg.Servers[i]
		s := live.Server{
			ID: cfg.ID, Addr: u.Host, Health: u.Health, BaseDelayMS: cfg.BaseDelayMS, Workers: cfg.Workers,
			Utilisation: -1, CPU: u.CPU, InFlight: u.InFlight, Streaming: u.Streaming, OldestAge: u.OldestAge, Ejections: u.Ejections, Window: measured.Servers[i],
			Requests: measured.Totals[i].Requests, Failures: measured.Totals[i].Failures, Abandoned: measured.Totals[i].Abandoned,
		}
		if all > 0 {
			s.Share = float64(s.Window.Requests) / float64(all)
		}
		if ours := b.ours[i]; ours != nil {
			st := ours.Status()
			s.Simulated, s.Addr = true, ours.Addr()
			s.Utilisation, s.Queued = st.Utilisation, st.Queued
			s.Fault, s.FaultLeft = st.Fault, st.FaultLeft
		}
		s.State = state(u.State, s)
		out[i] = s
	}
	return out
}

func state(pool routing.State, s live.Server) live.ServerState {
	switch {
	case pool != routing.StateUp:
		return live.ServerState(pool.String())
	case s.Window.Abandoned*givenUp > s.Window.Requests,
		s.BaseDelayMS > 0 && s.Window.MeanMS > slowFactor*s.BaseDelayMS,
		s.BaseDelayMS == 0 && (s.Health == "degraded" || s.Health == "unhealthy"):
		return live.ServerSlow
	default:
		return live.ServerOK
	}
}
