package fit

import (
	"slices"

	"slbtui/engine/simulate"
	"slbtui/engine/stats"
)

// Marks are what two sets of requests are compared by. Latencies are of requests that succeeded.
type Marks struct {
	MeanMS, P50MS, P95MS, P99MS float64
	ErrorRate                   float64
	OverSecond                  float64 // share of the requests that took longer than a second
	// Steepness is, of a server, the mean response time of the sixteenth of its requests that found most in flight over
	// that of the quarter that found fewest; and of these the mean, by requests. It is how servers slow down under load.
	Steepness float64
}

// marksOf sums requests up; they are by start.
func marksOf(requests []Request, servers int) Marks {
	var ms []float64
	m := Marks{Steepness: steepness(requests, servers)}
	for _, q := range requests {
		if q.Outcome != OK {
			continue
		}
		t := float64(q.Took()) / 1e6
		ms = append(ms, t)
		if t > 1000 {
			m.OverSecond += 1 / float64(len(requests))
		}
	}
	slices.Sort(ms)
	m.MeanMS, m.P50MS, m.P95MS, m.P99MS = stats.Mean(ms), stats.Quantile(ms, .5), stats.Quantile(ms, .95), stats.Quantile(ms, .99)
	m.ErrorRate = float64(len(requests)-len(ms)) / float64(max(1, len(requests)))
	return m
}

// crowd is which part of the requests found most in flight.
const crowd = 16

// steepness is Marks.Steepness.
func steepness(requests []Request, servers int) float64 {
	type met struct {
		others int
		took   float64
	}
	all := make([][]met, servers)
	for i, others := range found(requests, servers) {
		if q := requests[i]; q.Outcome == OK {
			all[q.Server] = append(all[q.Server], met{others, q.Took().Seconds()})
		}
	}
	sum, n := 0.0, 0.0
	for _, of := range all {
		slices.SortStableFunc(of, func(a, b met) int { return a.others - b.others })
		few, many := len(of)/4, len(of)/crowd
		if many == 0 {
			continue
		}
		fewest, most := 0.0, 0.0
		for i := range few {
			fewest += of[i].took / float64(few)
		}
		for i := range many {
			most += of[len(of)-1-i].took / float64(many)
		}
		sum += float64(len(of)) * most / max(fewest, 1e-9)
		n += float64(len(of))
	}
	return sum / max(1, n)
}

// asLogged turns what the lab made into requests as a log has them.
func asLogged(records []simulate.Record) []Request {
	requests := make([]Request, len(records))
	for i, r := range records {
		requests[i] = Request{Start: r.Due, End: r.Due + r.Latency, Server: max(0, r.Server), Others: Unknown}
		if r.Failed {
			requests[i].Outcome = Failed
		}
	}
	return requests
}

// meanOf averages marks.
func meanOf(all []Marks) (m Marks) {
	n := float64(len(all))
	for _, x := range all {
		m.MeanMS += x.MeanMS / n
		m.P50MS += x.P50MS / n
		m.P95MS += x.P95MS / n
		m.P99MS += x.P99MS / n
		m.ErrorRate += x.ErrorRate / n
		m.OverSecond += x.OverSecond / n
		m.Steepness += x.Steepness / n
	}
	return m
}
