package engine

import (
	"runtime"

	"slbtui/engine/live"
	"slbtui/engine/report"
	"slbtui/qlearn"
	"slbtui/routing/policy"
)

// Summary sums the run up so far, or whole after Run has returned. Call it after Run has begun.
func (e *Engine) Summary() report.Run {
	now := e.journal.Now()
	e.sampleMu.Lock() // no new configuration in between
	defer e.sampleMu.Unlock()
	learners := e.learners(func(_ string, l policy.Inspectable) qlearn.Table { return l.Table(shownRows) })
	run := report.Run{
		Tool: "slbtui", Version: e.opts.Version, Go: runtime.Version(), Seed: e.opts.Seed,
		Started: e.journal.began, ElapsedS: now.Seconds(), Listen: e.Addr(), MeasuredAt: "proxy",
		Policies: e.recorder.Policies(now),
		Events:   e.journal.events.Latest(keptEvents), Config: e.cfg.Values(),
	}
	live := e.recorder.Live()
	run.Servers, run.Seconds = live.Totals, live.Seconds
	run.Phases, run.EarlierPhases = e.recorder.Phases(now, 1<<20)
	if e.load != nil {
		run.MeasuredAt = "client"
		s := e.load.generator.Stats()
		run.Load = &report.Load{
			Scheduled: s.Scheduled, Sent: s.Sent, Completed: s.Completed, Failed: s.Failed, Dropped: s.Dropped,
			LagP99MS: s.LagP99MS, LagMaxMS: s.LagMaxMS, Late: s.Late, Lagging: 100*s.Late > s.Sent,
		}
	}
	for _, l := range learners {
		run.Learners = append(run.Learners, e.reportLearner(l))
	}
	return run
}

func (e *Engine) reportLearner(l live.Learner) report.Learner {
	out := report.Learner{
		Name: l.Name, Stats: l.Stats, Params: map[string]float64{},
		QTable: report.QTable{Kind: l.Table.Kind, States: l.Table.States, Rows: []report.QRow{}},
	}
	for _, p := range l.Params {
		out.Params[p.Name] = p.Value
	}
	for _, s := range e.cfg.Servers {
		out.QTable.Servers = append(out.QTable.Servers, s.ID)
	}
	for _, r := range l.Table.Rows {
		row := report.QRow{State: r.Label, Q: r.Q, Visits: r.Visits}
		if r.Best >= 0 && r.Best < len(e.cfg.Servers) {
			row.Best = e.cfg.Servers[r.Best].ID
		}
		out.QTable.Rows = append(out.QTable.Rows, row)
	}
	return out
}
