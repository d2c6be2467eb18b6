package fit

import (
	"math"
	"slices"
	"time"

	"slbtui/engine/stats"
)

// View is what a picture shows of a set of requests. Latencies are in ms, of requests that succeeded.
type View struct {
	Slower  []Slower
	P99     []float64 // of those that began in each Window; 0 where they are too few
	Window  time.Duration
	Crowded [][]Crowd // by server
}

// Slower is the share of the requests that took longer than MS.
type Slower struct{ MS, Share float64 }

// Crowd is the mean response time of those that found about so many in flight at their server.
type Crowd struct{ Others, MeanMS float64 }

// How finely things are drawn.
const (
	slowerPoints  = 120
	rarestShown   = 1e-4
	windowsShown  = 60
	fewInWindow   = 30
	fewInCrowd    = 10
	crowdsShown   = 40
	shortestShown = time.Second
)

// windowOf cuts a length into stretches of ten seconds, of a tenth of a short one, or as long as keeps them to sixty.
func windowOf(length time.Duration) time.Duration {
	w := min(10*time.Second, length/12)
	return max(shortestShown, w, length/windowsShown).Round(time.Second)
}

// viewOf is the view of requests by start.
func viewOf(requests []Request, servers int, length time.Duration) View {
	v := View{Window: windowOf(length)}
	if len(requests) == 0 {
		return v
	}
	origin := requests[0].Start
	var all []float64
	windows := make([][]float64, length/v.Window+1)
	for _, q := range requests {
		if q.Outcome != OK {
			continue
		}
		ms := float64(q.Took()) / 1e6
		all = append(all, ms)
		w := min(int((q.Start-origin)/v.Window), len(windows)-1)
		windows[w] = append(windows[w], ms)
	}
	for _, w := range windows {
		p99 := 0.0
		if slices.Sort(w); len(w) >= fewInWindow {
			p99 = stats.Quantile(w, .99)
		}
		v.P99 = append(v.P99, p99)
	}
	slices.Sort(all)
	v.Slower = slowerOf(all)
	v.Crowded = crowded(requests, servers)
	return v
}

// slowerOf reads latencies, sorted, at shares of equal ratio.
func slowerOf(ms []float64) (points []Slower) {
	for i := range slowerPoints + 1 {
		share := math.Pow(rarestShown, float64(i)/slowerPoints)
		if len(ms) > 0 && share*float64(len(ms)) >= 1 {
			points = append(points, Slower{stats.Quantile(ms, 1-share), share})
		}
	}
	return points
}

// crowded is how each server slows down, by groups of requests that found about as many in flight.
func crowded(requests []Request, servers int) [][]Crowd {
	type met struct {
		others int
		ms     float64
	}
	all := make([][]met, servers)
	for i, others := range found(requests, servers) {
		if q := requests[i]; q.Outcome == OK {
			all[q.Server] = append(all[q.Server], met{others, float64(q.Took()) / 1e6})
		}
	}
	curves := make([][]Crowd, servers)
	for s, of := range all {
		slices.SortStableFunc(of, func(a, b met) int { return a.others - b.others })
		need := max(fewInCrowd, len(of)/crowdsShown/4)
		for from := 0; from < len(of); {
			to, sum, others := from, 0.0, 0.0
			for to < len(of) && (to-from < need || of[to].others == of[to-1].others) {
				sum, others = sum+of[to].ms, others+float64(of[to].others)
				to++
			}
			if n := float64(to - from); to-from >= fewInCrowd {
				curves[s] = append(curves[s], Crowd{others / n, sum / n})
			}
			from = to
		}
	}
	return curves
}
