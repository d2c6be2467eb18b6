package routing

import (
	"math"
	"time"
)

// How a report of other balancers fades.
const (
	foreignFresh = 15 * time.Millisecond // in which what is special about a report fades to 1/e
	foreignStep  = 0.07                  // of a report into the mean
)

// ForeignLoad is what a balancer makes of what the others tell it of their requests in flight. A report
// is true for an instant: if all believed it until the next one, all would run to the same server, and
// raw counts are worse than none from a report in 50 ms on. So what a server is thought to have is the mean of
// the reports, and for a moment after each what it said beyond that. With F the latest count, of age a:
//
//	Report:  mean <- mean + 0.07·(F - mean)
//	At:      mean + e^(-a/15ms)·(F - mean)
//
// The mean begins at 0. Until some reports have come in, part of it is not what the others have but what is not known
// (Unheard), which whoever believes it has to make up for.
//
// It is pure, and not safe for concurrent use.
type ForeignLoad struct {
	servers  []foreign
	reported time.Duration
	unheard  float64
}

type foreign struct{ latest, mean float64 }

// NewForeignLoad returns that of so many servers, before the first report.
func NewForeignLoad(servers int) *ForeignLoad {
	return &ForeignLoad{servers: make([]foreign, servers), unheard: 1}
}

// Report takes in what all other balancers together have in flight at each server.
func (f *ForeignLoad) Report(now time.Duration, inFlight []int) {
	f.reported = now
	f.unheard *= 1 - foreignStep
	for i := range min(len(inFlight), len(f.servers)) {
		s := &f.servers[i]
		s.latest = float64(inFlight[i])
		s.mean += foreignStep * (s.latest - s.mean)
	}
}

// Unheard is the share of the mean that no report has filled yet: 1 before the first, and less with each.
func (f *ForeignLoad) Unheard() float64 { return f.unheard }

// At appends to to what each server is thought to have at now.
func (f *ForeignLoad) At(now time.Duration, to []float64) []float64 {
	fresh := math.Exp(-max(0, now-f.reported).Seconds() / foreignFresh.Seconds())
	for _, s := range f.servers {
		to = append(to, s.mean+fresh*(s.latest-s.mean))
	}
	return to
}
