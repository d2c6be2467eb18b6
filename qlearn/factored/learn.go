package factored

import (
	"math"
	"time"

	"slbtui/qlearn"
)

const (
	statsRate = 0.01 // step of the running means in Stats

	minLatencyMS = 1e-3 // measurements are clamped to a microsecond ...
	maxLatencyMS = 36e5 // ... and an hour

	// A response time further above its kind is taken for one at that distance (winsorised; Tukey, "The
	// future of data analysis", 1962): what a stall of ten seconds leaves in a cell that was visited
	// twice would keep the server away for good. What is slow lastingly raises the cell all the same,
	// step by step, and the bound with it.
	outlierSpreads = 3.5
	outlierSpread  = 0.1 // a spread is taken for no less
)

// Learn takes in a response: server, level and expected are of the Choice behind the request.
// Measurements that can't be (negative, not a number) are ignored; others are clamped to between
// a microsecond and an hour.
func (f *Learner) Learn(now time.Duration, server, level int, expectedMS, latencyMS float64) {
	if server < 0 || server >= len(f.servers) || level < 0 || level >= levels || !(latencyMS >= 0) {
		return
	}
	latencyMS = clamp(latencyMS, minLatencyMS, maxLatencyMS)
	f.count(-latencyMS / qlearn.MSPerReward)
	s, t := &f.servers[server], now.Seconds()
	expectedMS *= f.common // what the table of then would say by now
	s.trouble.answered(t)
	s.measuredAt = t
	if latencyMS <= expectedMS*s.drift.speed(t)*s.tail {
		s.onTimeAt = t
	}
	if s.measured > 0 {
		f.demand.add(t, f.scaleOfServer(s)*s.drift.speed(t)/1000)
	}
	f.look(t)
	if s.measured >= trusted && expectedMS > 0 && expectedMS <= maxLatencyMS {
		if f.watch(s, t, latencyMS, expectedMS) {
			f.fit(s) // by its spread; the server's speed changed, its measurements did not
			f.fill(s)
			return
		}
		latencyMS = min(latencyMS, expectedMS*math.Exp(f.calm.bias+outlierSpreads*max(outlierSpread, s.drift.spread)))
	}
	s.visits[level]++
	s.measured++
	step := max(f.cfg.MinLearningRate, 1/float64(s.visits[level])) * (latencyMS - s.mean[level])
	s.mean[level] += step
	f.updates++
	f.use(level)
	f.deltaQ = runningMean(f.deltaQ, math.Abs(step)/qlearn.MSPerReward, f.updates > 1)
	f.fit(s)
	if f.learned++; f.learned >= poolEvery {
		f.repool()
	} else {
		f.fill(s)
	}
}

func (f *Learner) count(reward float64) {
	f.reward = runningMean(f.reward, reward, f.countedReward)
	f.countedReward = true
}

func runningMean(mean, sample float64, started bool) float64 {
	if !started {
		return sample
	}
	return mean + statsRate*(sample-mean)
}
