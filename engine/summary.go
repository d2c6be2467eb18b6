package engine

import (
	"runtime"

	"slbtui/engine/live"
	"slbtui/engine/summary"
	"slbtui/qlearn"
	"slbtui/routing/policy"
)

// Summary sums the run up so far, or whole after Run has returned. Call it after Run has begun.
func (e *Engine) Summary() (run summary.Run) {
	e.current.hold(func(b *balancer) { run = e.sampler.summary(b) })
	return run
}

func (s *sampler) summary(b *balancer) summary.Run {
	now, measured := s.journal.Now(), s.recorder.Live()
	run := summary.Run{
		Tool: "slbtui", Version: s.opts.Version, Go: runtime.Version(), Seed: s.opts.Seed,
		Started: s.journal.began, ElapsedS: now.Seconds(), Listen: s.listen, MeasuredAt: summary.AtProxy,
		Policies: s.recorder.Policies(now), Servers: measured.Totals, Seconds: measured.Seconds,
		Events: s.journal.events.Latest(keptEvents), Config: b.cfg.Values(),
	}
	run.Phases, run.EarlierPhases = s.recorder.Phases(now, 1<<20)
	if s.load != nil {
		run.MeasuredAt, run.Load = summary.AtClient, s.load.summary()
	}
	for _, l := range s.learners(b, func(_ string, l policy.Inspectable) qlearn.Table { return l.Table(shownRows) }) {
		run.Learners = append(run.Learners, learnerSummary(l, b.cfg.ServerIDs()))
	}
	return run
}

func (l *load) summary() *summary.Load {
	s := l.generator.Stats()
	return &summary.Load{
		Scheduled: s.Scheduled, Sent: s.Sent, Completed: s.Completed, Failed: s.Failed, Dropped: s.Dropped, Missed: s.Missed,
		LagP99MS: s.LagP99MS, LagMaxMS: s.LagMaxMS, Late: s.Late, Lagging: 100*s.Late > s.Sent,
	}
}

func learnerSummary(l live.Learner, servers []string) summary.Learner {
	out := summary.Learner{
		Name: l.Name, Stats: l.Stats, Params: map[string]float64{},
		QTable: summary.QTable{Kind: l.Table.Kind, Servers: servers, States: l.Table.States, Rows: []summary.QRow{}},
	}
	for _, p := range l.Params {
		out.Params[p.Name] = p.Value
	}
	for _, r := range l.Table.Rows {
		row := summary.QRow{State: r.Label, Q: r.Q, Visits: r.Visits}
		if r.Best >= 0 && r.Best < len(servers) {
			row.Best = servers[r.Best]
		}
		out.QTable.Rows = append(out.QTable.Rows, row)
	}
	return out
}
