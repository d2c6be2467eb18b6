package experiment

import (
	"cmp"
	"math"
	"slices"
	"time"

	"slbtui/engine/report"
	"slbtui/engine/stats"
)

const (
	windows     = 20 // equal parts of the time
	curvePoints = 20 // equal parts of the requests
	ccdfPoints  = 160
)

// ended lists the requests that ended in a stretch of time, of all runs together.
type ended struct {
	latencies []float64 // of successes, ms
	failures  int
	byServer  []int
}

// byTime sorts the requests of runs by when they ended, into stretches of equal length.
func byTime(runs []*contest, length time.Duration, n, servers int) []ended {
	out := make([]ended, n)
	for i := range out {
		out[i].byServer = make([]int, servers)
	}
	for _, c := range runs {
		for i := range c.outcomes {
			o := &c.outcomes[i]
			if !o.answered {
				continue
			}
			at := int((c.trace[i].Due + o.latency) / length)
			e := &out[min(max(at, 0), n-1)]
			if o.failed {
				e.failures++
			} else {
				e.latencies = append(e.latencies, ms(o.latency))
			}
			if o.server >= 0 && int(o.server) < servers {
				e.byServer[o.server]++
			}
		}
	}
	return out
}

// cutWindows is the throughput over the runs, to the end of the longest of all.
func cutWindows(runs []*contest, end time.Duration) []report.Window {
	length := max(end/windows, 1) + 1 // rounded up: the last answer belongs to the last window
	out := make([]report.Window, windows)
	for i, e := range byTime(runs, length, windows, 0) {
		requests := len(e.latencies) + e.failures
		out[i] = report.Window{
			Index: i, StartS: (time.Duration(i) * length).Seconds(), EndS: (time.Duration(i+1) * length).Seconds(),
			Throughput: float64(len(e.latencies)) / length.Seconds() / float64(len(runs)),
			MeanMS:     stats.Mean(e.latencies), SuccessRate: 1, Requests: uint64(requests),
		}
		if requests > 0 {
			out[i].SuccessRate = float64(len(e.latencies)) / float64(requests)
		}
	}
	return out
}

// timeline is second by second.
func timeline(runs []*contest, end time.Duration, servers int) []report.TimelinePoint {
	n := int(math.Ceil(end.Seconds()))
	out := make([]report.TimelinePoint, n)
	for i, e := range byTime(runs, time.Second, n, servers) {
		slices.Sort(e.latencies)
		requests := len(e.latencies) + e.failures
		p := report.TimelinePoint{
			EndS: float64(i + 1), Requests: uint64(requests), Failures: uint64(e.failures), MeanMS: stats.Mean(e.latencies),
			P50MS: stats.Quantile(e.latencies, 0.5), P95MS: stats.Quantile(e.latencies, 0.95), P99MS: stats.Quantile(e.latencies, 0.99),
			Share: make([]float64, servers), Utilisation: make([]float64, servers),
		}
		for s := range servers {
			p.Share[s] = float64(e.byServer[s]) / float64(max(1, requests))
			p.Utilisation[s] = busy(runs, i, s)
		}
		out[i] = p
	}
	return out
}

// busy is the utilisation of a server in a second, mean over the runs that know it; -1 when none does.
func busy(runs []*contest, second, server int) float64 {
	sum, n := 0.0, 0
	for _, c := range runs {
		if second < len(c.busy) && server < len(c.busy[second]) && c.busy[second][server] >= 0 {
			sum += c.busy[second][server]
			n++
		}
	}
	if n == 0 {
		return -1
	}
	return sum / float64(n)
}

// learningCurve is the latency by the number of requests, as far as all runs go.
func learningCurve(runs []*contest) []report.LearningPoint {
	shortest := len(runs[0].trace)
	for _, c := range runs {
		shortest = min(shortest, len(c.trace))
	}
	points := min(curvePoints, shortest)
	out := make([]report.LearningPoint, 0, points)
	for k := range points {
		from, to := k*shortest/points, (k+1)*shortest/points
		var means []float64
		endS := 0.0
		for _, c := range runs {
			if s := summarise([]part{{c, from, to}}); s.Requests > s.Failures {
				means = append(means, s.MeanMS)
			}
			endS += c.trace[to-1].Due.Seconds() / float64(len(runs))
		}
		if len(means) == 0 {
			continue // nothing but failures: there is no latency to show
		}
		slices.Sort(means)
		out = append(out, report.LearningPoint{
			Index: k, Requests: uint64(to), EndS: endS,
			MeanMS: stats.Quantile(means, 0.5), LowMS: stats.Quantile(means, 0.25), HighMS: stats.Quantile(means, 0.75),
		})
	}
	return out
}

// ccdf is the share of successes above a latency: even steps through the bulk, and steps of equal
// ratio down the tail.
func ccdf(runs []*contest) []report.CCDFPoint {
	latencies := cut(parts(runs, (*contest).whole)).Values()
	slices.Sort(latencies)
	n := float64(len(latencies))
	var shares []float64
	for k := range ccdfPoints / 2 {
		at := float64(k) / (ccdfPoints / 2) // 0 to below 1
		shares = append(shares, 1-at, math.Pow(n, -at))
	}
	slices.SortFunc(shares, func(a, b float64) int { return cmp.Compare(b, a) })
	var out []report.CCDFPoint
	last := -1
	for _, share := range shares {
		if i := int(n * (1 - share)); i > last && i < len(latencies) {
			last = i
			out = append(out, report.CCDFPoint{LatencyMS: latencies[i], Slower: float64(len(latencies)-1-i) / n})
		}
	}
	return out
}
