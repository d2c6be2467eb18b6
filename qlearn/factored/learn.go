package factored

import (
	"math"
	"time"

	"slbtui/qlearn"
)

const (
	failureRate = 0.2  // step of the failure rate
	statsRate   = 0.01 // step of the running means in Stats

	minLatencyMS = 1e-3 // measurements are clamped to a microsecond ...
	maxLatencyMS = 36e5 // ... and an hour
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
	s.failures.set(t, s.failures.at(t)*(1-failureRate))
	if s.measured >= trusted && expectedMS > 0 && expectedMS <= maxLatencyMS && s.drift.watch(t, latencyMS, expectedMS) {
		return // the server's speed changed, its table did not
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

// Fail takes in a failure of the server. It teaches nothing about response times.
func (f *Learner) Fail(now time.Duration, server int) {
	if server < 0 || server >= len(f.servers) {
		return
	}
	f.count(-failureMS / qlearn.MSPerReward)
	s, t := &f.servers[server], now.Seconds()
	rate := s.failures.at(t)
	s.failures.set(t, rate+failureRate*(1-rate))
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
