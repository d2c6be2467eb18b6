package experiment

import (
	"math"
	"slices"
	"time"

	"slbtui/engine/metrics"
	"slbtui/engine/report"
	"slbtui/engine/simulate"
	"slbtui/engine/stats"
	"slbtui/loadgen"
)

// part is a stretch of a run.
type part struct {
	*contest
	from, to int // of the trace
}

func (c *contest) whole() part { return part{c, 0, len(c.trace)} }
func (c *contest) cold() part  { return part{c, 0, simulate.Cold(len(c.trace))} }
func (c *contest) warm() part  { return part{c, simulate.Cold(len(c.trace)), len(c.trace)} }

// elapsed is the time over which the part was due: to the beginning of the next, or to the last answer.
func (p part) elapsed() time.Duration {
	begin, end := time.Duration(0), p.length
	if p.from > 0 && p.from < len(p.trace) {
		begin = p.trace[p.from].Due
	}
	if p.to < len(p.trace) {
		end = p.trace[p.to].Due
	}
	return max(0, end-begin)
}

// summarise sums up parts of several runs as if they were one. Unlike live summaries, whose
// percentiles come from a histogram, it has every latency at hand: percentiles are exact.
func summarise(parts []part) metrics.Summary {
	s := metrics.Summary{SuccessRate: 1}
	var latencies []float64
	var elapsed time.Duration
	for _, p := range parts {
		elapsed += p.elapsed()
		for i := p.from; i < p.to; i++ {
			switch o := &p.outcomes[i]; {
			case !o.answered:
				continue
			case o.failed:
				s.Failures++
			default:
				latencies = append(latencies, ms(o.latency))
			}
			s.Requests++
		}
	}
	slices.Sort(latencies)
	s.ElapsedS = elapsed.Seconds()
	if s.Requests > 0 {
		s.SuccessRate = float64(len(latencies)) / float64(s.Requests)
	}
	if elapsed > 0 {
		s.Throughput = float64(len(latencies)) / elapsed.Seconds()
	}
	if len(latencies) == 0 {
		return s
	}
	s.MeanMS = stats.Mean(latencies)
	s.P50MS, s.P90MS, s.P95MS = stats.Quantile(latencies, 0.5), stats.Quantile(latencies, 0.9), stats.Quantile(latencies, 0.95)
	s.P99MS, s.P999MS = stats.Quantile(latencies, 0.99), stats.Quantile(latencies, 0.999)
	s.MinMS, s.MaxMS = latencies[0], latencies[len(latencies)-1]
	if len(latencies) > 1 {
		squares := 0.0
		for _, x := range latencies {
			squares += (x - s.MeanMS) * (x - s.MeanMS)
		}
		s.StdMS = math.Sqrt(squares / float64(len(latencies)-1))
	}
	if s.MeanMS > 0 {
		s.CV = s.StdMS / s.MeanMS
	}
	return s
}

// lag sums up how late the generator was, over runs. It lagged where it did in one of them, however punctual it was in the
// others: that is what a comparison is marked by.
func lag(runs []*contest) report.Lag {
	var l report.Lag
	var lags []float64
	if len(runs) > 1 {
		for i := range runs {
			l.Lagged = l.Lagged || lag(runs[i:i+1]).Lagged
		}
	}
	for _, c := range runs {
		l.Lagged = l.Lagged || c.stood > 0
		l.Dropped += c.dropped()
		for i := range c.outcomes {
			if c.outcomes[i].answered {
				lags = append(lags, ms(c.outcomes[i].lag))
			}
		}
	}
	slices.Sort(lags)
	if len(lags) > 0 {
		l.P99MS, l.MaxMS = stats.Quantile(lags, 0.99), lags[len(lags)-1]
	}
	l.Lagged = l.Lagged || l.P99MS > ms(loadgen.LagThreshold)
	return l
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
