package report

import "slbtui/engine/metrics"

// sessionSeries picks the seconds of one policy out of a session.
type sessionSeries struct {
	policy   string
	policyOf map[int]string // by phase
	seconds  []metrics.Second
}

// tally sums up seconds.
type tally struct {
	seconds            int
	requests, failures uint64
	totalMS            float64
}

func (t *tally) add(s metrics.Second) {
	t.seconds++
	t.requests += s.Requests
	t.failures += s.Failures
	t.totalMS += s.MeanMS * float64(s.Requests-s.Failures)
}

func (t *tally) answered() float64 { return float64(t.requests - t.failures) }

func (t *tally) meanMS() float64 {
	if t.answered() == 0 {
		return 0
	}
	return t.totalMS / t.answered()
}

// mine returns the policy's seconds.
func (s *sessionSeries) mine() []metrics.Second {
	var out []metrics.Second
	for _, second := range s.seconds {
		if s.policyOf[second.Phase] == s.policy {
			out = append(out, second)
		}
	}
	return out
}

// windows cuts the known part of the session into equal parts of at least a second, and keeps those
// in which the policy routed.
func (s *sessionSeries) windows() []Window {
	out := []Window{}
	if len(s.seconds) == 0 {
		return out
	}
	first, last := s.seconds[0].At.Seconds()-1, s.seconds[len(s.seconds)-1].At.Seconds()
	width := max(1, (last-first)/sessionWindows)
	var sums [sessionWindows]tally
	for _, second := range s.mine() {
		i := int((second.At.Seconds() - 0.5 - first) / width)
		sums[min(max(0, i), sessionWindows-1)].add(second)
	}
	for i, t := range sums {
		if t.seconds == 0 {
			continue
		}
		w := Window{
			Index: i, StartS: first + float64(i)*width, EndS: first + float64(i+1)*width,
			Throughput: t.answered() / float64(t.seconds), MeanMS: t.meanMS(), SuccessRate: 1, Requests: t.requests,
		}
		if t.requests > 0 {
			w.SuccessRate = t.answered() / float64(t.requests)
		}
		out = append(out, w)
	}
	return out
}

// learning cuts the policy's requests into about equal parts, at the ends of seconds.
func (s *sessionSeries) learning() []LearningPoint {
	out := []LearningPoint{}
	var all uint64
	mine := s.mine()
	for _, second := range mine {
		all += second.Requests
	}
	step := max(1, all/sessionLearning)
	var part tally
	var done uint64
	for i, second := range mine {
		part.add(second)
		if part.requests < step && i < len(mine)-1 {
			continue
		}
		done += part.requests
		if mean := part.meanMS(); mean > 0 {
			out = append(out, LearningPoint{Index: len(out), Requests: done, MeanMS: mean, LowMS: mean, HighMS: mean, EndS: second.At.Seconds()})
		}
		part = tally{}
	}
	return out
}

func (s *sessionSeries) timeline() []TimelinePoint {
	out := []TimelinePoint{}
	for _, second := range s.mine() {
		p := TimelinePoint{
			EndS: second.At.Seconds(), Requests: second.Requests, Failures: second.Failures,
			MeanMS: second.MeanMS, P50MS: second.P50MS, P95MS: second.P95MS, P99MS: second.P99MS,
			Share: []float64{}, Utilisation: []float64{},
		}
		var all uint64
		for _, server := range second.Servers {
			all += server.Requests
		}
		for _, server := range second.Servers {
			p.Share = append(p.Share, float64(server.Requests)/float64(max(1, all)))
			p.Utilisation = append(p.Utilisation, server.Utilisation)
		}
		out = append(out, p)
	}
	return out
}
