package fit

import (
	"cmp"
	"slices"
	"time"
)

// flow is what one server was given, in the order in which it came. Times are in seconds since the log's first
// request. What ended without holding a slot is left out.
type flow struct {
	requests   []int // indexes into the log
	start, end []float64
	legible    []bool // that its service can be read from its times
	byEnd      []int  // places in order of their ends
	most       int    // in flight at once
	step       float64
}

// nearTimeOut is how long before and after a time-out services are not to be read: those cut off are missing among them.
const nearTimeOut = time.Second

// flows splits a log by server.
func flows(l *Log, stalls [][]Period) []flow {
	all := make([]flow, len(l.Servers))
	medians := medianTimes(l)
	firstEnd := make([]time.Duration, len(l.Servers))
	lastLost := make([]time.Duration, len(l.Servers)) // start of the latest that timed out
	for i := range l.Requests {
		q := &l.Requests[i]
		if s := q.Server; firstEnd[s] == 0 || q.End < firstEnd[s] {
			firstEnd[s] = q.End
		}
	}
	origin := l.Requests[0].Start
	for i := range l.Requests {
		q := &l.Requests[i]
		s := q.Server
		f := &all[s]
		if q.Outcome == Failed && q.Took().Seconds() < 0.2*medians[s] {
			continue
		}
		if q.Outcome == TimedOut {
			lastLost[s] = q.Start
			for j := len(f.start) - 1; j >= 0 && f.start[j] > (q.Start-origin-nearTimeOut).Seconds(); j-- {
				f.legible[j] = false
			}
		}
		legible := q.Outcome == OK && q.Start >= firstEnd[s] && (lastLost[s] == 0 || q.Start > lastLost[s]+nearTimeOut)
		from, to := (q.Start - origin).Seconds(), (q.End - origin).Seconds()
		for _, p := range stalls[s] {
			legible = legible && (to < p.From.Seconds() || from > p.To.Seconds())
		}
		f.requests = append(f.requests, i)
		f.start, f.end = append(f.start, from), append(f.end, to)
		f.legible = append(f.legible, legible)
	}
	for s := range all {
		all[s].arrange(l.Resolution)
	}
	return all
}

func (f *flow) arrange(resolution time.Duration) {
	f.step = min(resolution, time.Millisecond).Seconds()
	f.byEnd = make([]int, len(f.end))
	for i := range f.byEnd {
		f.byEnd[i] = i
	}
	slices.SortStableFunc(f.byEnd, func(a, b int) int { return cmp.Compare(f.end[a], f.end[b]) })
	done := 0
	for i, at := range f.start {
		for f.end[f.byEnd[done]] <= at && done < i {
			done++
		}
		f.most = max(f.most, i+1-done)
	}
}

// part is the stretch of at most n requests in which most were in flight, as a flow of its own.
func (f *flow) part(n int) flow {
	if len(f.start) <= n {
		return *f
	}
	waited := make([]float64, len(f.start)+1) // summed up
	for i := range f.start {
		waited[i+1] = waited[i] + f.end[i] - f.start[i]
	}
	best := 0
	for from := 0; from+n <= len(f.start); from += n / 4 {
		if waited[from+n]-waited[from] > waited[best+n]-waited[best] {
			best = from
		}
	}
	p := flow{requests: f.requests[best : best+n], start: f.start[best : best+n], end: f.end[best : best+n], legible: slices.Clone(f.legible[best : best+n])}
	p.arrange(time.Duration(f.step * float64(time.Second)))
	for i, at := range p.start { // begun behind others that are not in the part
		p.legible[i] = p.legible[i] && at >= p.end[p.byEnd[0]]
	}
	return p
}

// medianTimes is the median response time of each server, in seconds.
func medianTimes(l *Log) []float64 {
	times := make([][]float64, len(l.Servers))
	for i := range l.Requests {
		if q := &l.Requests[i]; q.Outcome == OK {
			times[q.Server] = append(times[q.Server], q.Took().Seconds())
		}
	}
	medians := make([]float64, len(times))
	for s, t := range times {
		if slices.Sort(t); len(t) > 0 {
			medians[s] = t[len(t)/2]
		}
	}
	return medians
}
