package lookback

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"slbtui/engine/fit"
	"slbtui/engine/live"
	"slbtui/engine/simulate"
	"slbtui/engine/stats"
	"slbtui/engine/whatif"
	"slbtui/routing/policy"
)

// Longest is how far it is looked back.
const Longest = 10 * time.Minute

// What a look back may cost in processor time on an ordinary core, but for the fit, and what a request of one policy
// costs there: a part for the world, and one for every server that the policy looks at.
const (
	budget     = 2 * time.Second
	perRequest = 1100 * time.Nanosecond
	perServer  = 55 * time.Nanosecond
)

// Most is how many requests can be looked back at, the latest, with so many servers and policies.
func Most(servers, policies int) int {
	each := (perRequest + time.Duration(servers)*perServer) * time.Duration(max(1, policies)*runs)
	return min(Kept, int(budget/each))
}

// runs of each policy in the likeliest world: other seeds, the same requests.
const runs = 2

// Question is what is looked back at.
type Question struct {
	Log *fit.Log
	// World is what the servers are like and what they suffered, in times since the log's first request, where that is known;
	// nil fits them.
	World    *simulate.Scenario
	Ejection *simulate.Ejection
	Routes   string         // who routes now: the others are held against it
	Options  policy.Options // parameters of the policies
	Seed     uint64
	Yield    func() // called several times a millisecond; may be nil
	// Learned returns the learner of that name whose knowledge is to be copied, nil when there is none.
	Learned func(name string) policy.Learner
}

// Predict fills in what each policy would have made of the log. It calls report, which may keep what it is given, when
// the servers are known and after each policy. A model that does not reproduce the log predicts nothing: its grade is C.
// It fails where there is too little to look at, and with ctx's error at the latest after the run it is in.
func Predict(ctx context.Context, q Question, report func(live.Past, live.Prediction)) error {
	m, past, err := q.model()
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	policies := whatif.Order(q.Options, q.Routes)
	p := live.Prediction{WhatIfExtent: live.WhatIfExtent{Horizon: m.Length, Runs: runs}, Lasting: m.Length, Total: len(policies)}
	if past.Grade == string(fit.C) {
		p.Total = 0
		report(past, p)
		return nil
	}
	report(past, p)
	lab := q.lab(m)
	var routes whatif.Runs
	for _, spec := range policies {
		row, all, err := lab.predict(ctx, spec)
		if err != nil {
			return err
		}
		if spec.Name == q.Routes {
			routes = all
		} else {
			row.Versus = lab.versus(all, routes)
		}
		p.Rows = append(p.Rows[:len(p.Rows):len(p.Rows)], row) // a copy: those reported stay as they are
		report(past, p)
	}
	return nil
}

// model is that of the servers, and what is known of the past.
func (q *Question) model() (*fit.Model, live.Past, error) {
	past := live.Past{Reasons: []string{}}
	read := fit.Fit
	if q.World != nil {
		read = func(l *fit.Log) (*fit.Model, error) { return fit.Known(l, *q.World) }
	}
	m, err := read(q.Log)
	if err != nil {
		return nil, past, errors.New("looking back: " + err.Error())
	}
	past.Requests, past.Was = len(q.Log.Requests), was(q.Log.Requests)
	if q.World == nil {
		check, err := m.Check(q.Options)
		if err != nil {
			return nil, past, err
		}
		grade, reasons := m.Judge(check)
		past.Grade, past.Reasons = string(grade), append(past.Reasons, reasons...)
	}
	return m, past, nil
}

// was is what became of requests.
func was(requests []fit.Request) live.WhatIfOutcome {
	var ms []float64
	for _, r := range requests {
		if r.Outcome == fit.OK {
			ms = append(ms, float64(r.Took())/float64(time.Millisecond))
		}
	}
	slices.Sort(ms)
	return live.WhatIfOutcome{MeanMS: stats.Mean(ms), P99MS: stats.Quantile(ms, 0.99), ErrorRate: 1 - float64(len(ms))/float64(len(requests))}
}

// lab is where policies meet the requests.
type lab struct {
	q      *Question
	worlds []simulate.Scenario // by run: the likeliest as often as runs say, then what else they may be
	trace  []simulate.Request
	warm   whatif.Warm
}

func (q *Question) lab(m *fit.Model) *lab {
	l := &lab{q: q, trace: m.Trace()}
	for i, w := range m.Worlds() {
		w.Name, w.Records, w.Ejection, w.Yield = "looking back", true, q.Ejection, q.Yield
		for range map[bool]int{true: runs, false: 1}[i == 0] {
			l.worlds = append(l.worlds, w)
		}
	}
	l.warm = whatif.Warm{Servers: l.worlds[0].Servers, Options: q.Options, Learned: q.Learned}
	return l
}

// predict lets a policy meet the requests in every world.
func (l *lab) predict(ctx context.Context, spec policy.Spec) (live.WhatIfRow, whatif.Runs, error) {
	row := live.WhatIfRow{Policy: spec.Name, Reference: spec.Name == simulate.SocialClairvoyant}
	var build whatif.Builder
	if spec.Learner {
		var err error
		if row.Start, build, err = l.warm.Learner(spec.Name); err != nil {
			return row, nil, err
		}
	}
	var all whatif.Runs
	for i, w := range l.worlds {
		if err := ctx.Err(); err != nil {
			return row, nil, err
		}
		run := simulate.RunTrace
		if build != nil {
			run = func(sc simulate.Scenario, name string, o policy.Options, trace []simulate.Request, seed uint64) (simulate.Result, error) {
				return simulate.RunTracePolicy(sc, name, trace, seed, o, build)
			}
		}
		r, err := run(w, spec.Name, l.q.Options, l.trace, l.q.Seed+uint64(i))
		if err != nil {
			return row, nil, fmt.Errorf("looking back at %s: %w", spec.Name, err)
		}
		all = append(all, r.Records)
	}
	s := simulate.Describe(slices.Concat(all[:runs]...), len(l.worlds[0].Servers))
	row.WhatIfOutcome = live.WhatIfOutcome{MeanMS: s.MeanMS, P99MS: s.P99MS, ErrorRate: s.ErrorRate}
	row.Now = row.WhatIfOutcome
	return row, all, nil
}

// versus is wide enough for each world that may be the one.
func (l *lab) versus(mine, theirs whatif.Runs) live.WhatIfVersus {
	if len(theirs) == 0 {
		return live.WhatIfVersus{}
	}
	v := mine[:runs].Versus(theirs[:runs])
	for i := runs; i < len(l.worlds); i++ {
		other := mine[i : i+1].Versus(theirs[i : i+1])
		v.Mean, v.P99 = around(v.Mean, other.Mean), around(v.P99, other.P99)
	}
	return v
}

func around(a, b live.Range) live.Range {
	if !a.Known() || !b.Known() {
		return live.Range{}
	}
	return live.Range{min(a[0], b[0]), max(a[1], b[1])}
}
