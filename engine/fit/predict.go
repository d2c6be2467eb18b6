package fit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"slbtui/engine/simulate"
	"slbtui/engine/stats"
	"slbtui/routing/policy"
)

// How predictions are made.
const (
	// PointSeeds is how many seeds a prediction is the mean of, unless others are asked for.
	PointSeeds = 3
	resamples  = 21 // a third with each bound where slots are unknown
	// MostResampled is on how many requests intervals are worked out, and dear policies are predicted.
	MostResampled = 20_000
	blockLength   = time.Second
)

// Prediction is what a policy would have made of the log's requests.
type Prediction struct {
	Policy string
	Logged bool // not predicted: what the log has
	MeanMS, P50MS, P95MS, P99MS,
	ErrorRate float64
	// 95 % of what they may have been, by resampled services and, where slots are unknown, with as few as there may be
	// and without limit. Unknown for what was logged.
	MeanRange, P99Range stats.Interval
	View                View // of one run; nothing of what was logged, which the check has
	// Of how many requests this is: the busiest where a policy thinks long about each. LoggedMeanMS and LoggedP99MS are what
	// the log has of these.
	Requests                  int
	LoggedMeanMS, LoggedP99MS float64
}

// dear are the policies that think for more than 5 us about each request, measured: they are predicted on the busiest
// requests alone.
var dear = map[string]bool{"dqn": true, "q_network": true}

// Plan is what is to be predicted.
type Plan struct {
	Policies []string
	Options  policy.Options
	Seed     uint64
	Seeds    int // 0: PointSeeds
	Change   Change
	Progress func(done, total int) // may be nil; calls do not overlap
}

// Predict lets each policy route the log's requests to the servers as they were found. The first row is the log's own.
func (m *Model) Predict(ctx context.Context, p Plan) ([]Prediction, error) {
	logged := marksOf(m.Log.Requests, len(m.Servers))
	rows := []Prediction{{
		Policy: m.Routed.Policy, Logged: true, ErrorRate: logged.ErrorRate,
		Requests: len(m.Log.Requests), LoggedMeanMS: logged.MeanMS, LoggedP99MS: logged.P99MS,
		MeanMS: logged.MeanMS, P50MS: logged.P50MS, P95MS: logged.P95MS, P99MS: logged.P99MS,
	}}
	if p.Seeds <= 0 {
		p.Seeds = PointSeeds
	}
	f := forecast{model: m, plan: p, trace: m.Trace(), total: len(p.Policies) * (p.Seeds + 1 + resamples)}
	for b := range f.worlds {
		var err error
		if f.worlds[b], err = p.Change.world(m.scenario(bound(b))); err != nil {
			return nil, err
		}
	}
	p.Change.hasten(f.trace)
	first := busiestPart(f.trace, MostResampled)
	f.part = f.trace[first:min(len(f.trace), first+MostResampled)]
	f.all, f.some = logged, logged
	if len(f.part) < len(f.trace) {
		f.some = marksOf(m.Log.Requests[first:first+len(f.part)], len(m.Servers))
	}
	for _, name := range p.Policies {
		if name == m.Routed.Policy && p.Change.none() {
			f.total -= p.Seeds + 1 + resamples
			continue
		}
		row, err := f.predict(ctx, name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// forecast is a plan being carried out.
type forecast struct {
	model     *Model
	plan      Plan
	worlds    [3]simulate.Scenario // by bound
	trace     []simulate.Request
	part      []simulate.Request // on which intervals are worked out
	all, some Marks              // of what was logged, and of the part of it

	mu          sync.Mutex
	done, total int
}

func (f *forecast) predict(ctx context.Context, name string) (Prediction, error) {
	whole, logged := f.trace, f.all
	if dear[name] {
		whole, logged = f.part, f.some
	}
	points := make([]simulate.Stats, f.plan.Seeds)
	base := make([]simulate.Stats, 1)
	drawn := make([]simulate.Stats, resamples)
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	var view View
	run := func(to *simulate.Stats, b bound, trace func() []simulate.Request, seed uint64) {
		group.Go(func() error {
			if err := running.Err(); err != nil {
				return err
			}
			world := f.worlds[b]
			world.Records = to == &points[0]
			r, err := simulate.RunTrace(world, name, f.plan.Options, trace(), f.plan.Seed+seed)
			if err != nil {
				return fmt.Errorf("predict %s: %w", name, err)
			}
			if *to = r.All; world.Records {
				view = viewOf(asLogged(r.Records), len(world.Servers), world.Duration)
			}
			f.tell()
			return nil
		})
	}
	for i := range points {
		run(&points[i], likely, func() []simulate.Request { return whole }, uint64(i+1))
	}
	run(&base[0], likely, func() []simulate.Request { return f.part }, 1)
	for i := range drawn {
		run(&drawn[i], bound(i%3), func() []simulate.Request { return resample(f.part, uint64(i)) }, uint64(i+1))
	}
	if err := group.Wait(); err != nil {
		return Prediction{}, err
	}
	p := Prediction{Policy: name, Requests: len(whole), LoggedMeanMS: logged.MeanMS, LoggedP99MS: logged.P99MS, View: view}
	for _, s := range points {
		p.MeanMS += s.MeanMS / float64(len(points))
		p.P50MS += s.P50MS / float64(len(points))
		p.P95MS += s.P95MS / float64(len(points))
		p.P99MS += s.P99MS / float64(len(points))
		p.ErrorRate += s.ErrorRate / float64(len(points))
	}
	p.MeanRange = around(p.MeanMS, base[0], drawn, func(s simulate.Stats) float64 { return s.MeanMS })
	p.P99Range = around(p.P99MS, base[0], drawn, func(s simulate.Stats) float64 { return s.P99MS })
	return p, nil
}

func (f *forecast) tell() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.done++; f.plan.Progress != nil {
		f.plan.Progress(f.done, f.total)
	}
}

// around is the range of a point, by how resamples differ from what they are resamples of.
func around(point float64, base simulate.Stats, drawn []simulate.Stats, value func(simulate.Stats) float64) stats.Interval {
	of := value(base)
	if of <= 0 {
		return stats.Interval{}
	}
	ratios := make([]float64, len(drawn))
	for i, s := range drawn {
		ratios[i] = value(s) / of
	}
	slices.Sort(ratios)
	return stats.Interval{point * min(1, stats.Quantile(ratios, 0.025)), point * max(1, stats.Quantile(ratios, 0.975))}
}

// resample gives requests the sizes of other stretches of the log, each a second long: a block bootstrap.
func resample(trace []simulate.Request, seed uint64) []simulate.Request {
	var starts []int
	for i, q := range trace {
		if i == 0 || q.Due/blockLength != trace[i-1].Due/blockLength {
			starts = append(starts, i)
		}
	}
	rng := rand.New(rand.NewPCG(seed, 0x626c6f636b))
	drawn := slices.Clone(trace)
	for i := 0; i < len(drawn); {
		b := rng.IntN(len(starts))
		end := len(trace)
		if b+1 < len(starts) {
			end = starts[b+1]
		}
		for j := starts[b]; j < end && i < len(drawn); j++ {
			drawn[i].Size = trace[j].Size
			i++
		}
	}
	return drawn
}

// busiestPart is where the stretch of n requests begins that took the shortest time to come.
func busiestPart(trace []simulate.Request, n int) (best int) {
	for from := 0; from+n <= len(trace); from++ {
		if trace[from+n-1].Due-trace[from].Due < trace[best+n-1].Due-trace[best].Due {
			best = from
		}
	}
	return best
}
