package fit

import (
	"cmp"
	"slices"
	"time"
)

// watch counts what is in flight at each server as time goes by.
type watch struct {
	requests []Request // by start
	byEnd    []int
	next     int
	inFlight []int
}

func newWatch(requests []Request, servers int) *watch {
	w := &watch{requests: requests, byEnd: make([]int, len(requests)), inFlight: make([]int, servers)}
	for i := range w.byEnd {
		w.byEnd[i] = i
	}
	slices.SortStableFunc(w.byEnd, func(a, b int) int { return cmp.Compare(requests[a].End, requests[b].End) })
	return w
}

// until lets what ends up to then end. Call begin for each request in between.
func (w *watch) until(at time.Duration) {
	for w.next < len(w.byEnd) && w.requests[w.byEnd[w.next]].End <= at {
		w.inFlight[w.requests[w.byEnd[w.next]].Server]--
		w.next++
	}
}

// begin lets request i begin.
func (w *watch) begin(i int) { w.inFlight[w.requests[i].Server]++ }

// found is how many each request found in flight at its server.
func found(requests []Request, servers int) []int {
	n := make([]int, len(requests))
	w := newWatch(requests, servers)
	for i, q := range requests {
		w.until(q.Start)
		n[i] = w.inFlight[q.Server]
		w.begin(i)
	}
	return n
}

// lead is how many requests around a part of a log are kept: some of them are in flight within it.
const lead = 10_000

// completeness compares what the balancer says was in flight at the end of each request with what the log has: 1 is a
// log in which nothing is missing. Ok is false where the balancer does not say it.
func completeness(l *Log) (ratio float64, ok bool) {
	var says, has float64
	requests := l.Requests
	from, to := requests[0].Start, requests[len(requests)-1].Start
	if l.around != nil {
		requests = l.around
	}
	w := newWatch(requests, len(l.Servers))
	begun := 0
	for _, i := range w.byEnd {
		q := requests[i]
		for begun < len(requests) && requests[begun].Start <= q.End {
			w.begin(begun)
			begun++
		}
		w.inFlight[q.Server]--
		if q.Others != Unknown && q.End >= from && q.End <= to { // others are missing at the end of a log that was cut off
			says += float64(q.Others)
			has += float64(w.inFlight[q.Server])
			ok = true
		}
	}
	if says == 0 {
		return 1, false
	}
	return has / says, ok
}
