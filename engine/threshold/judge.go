package threshold

import (
	"fmt"
	"math"
	"slices"
)

// Numbers are what rules are held against. Latencies are in ms.
type Numbers struct {
	Due      float64 // requests that were due
	Dropped  float64 // of those, the ones that were not sent
	Requests float64 // that have ended, failed ones included
	Failures float64
	MeanMS   float64
	P50MS    float64
	P90MS    float64
	P95MS    float64
	P99MS    float64
	P999MS   float64
	MaxMS    float64
}

// value is that of a metric, NaN where there are no samples of it.
func (n Numbers) value(metric string) float64 {
	switch metric {
	case "errors":
		return 100 * n.Failures / n.Requests // 0/0 is NaN
	case "dropped":
		return 100 * n.Dropped / n.Due
	}
	if n.Requests <= n.Failures {
		return math.NaN()
	}
	return map[string]float64{
		"mean": n.MeanMS, "p50": n.P50MS, "p90": n.P90MS, "p95": n.P95MS, "p99": n.P99MS, "p999": n.P999MS, "max": n.MaxMS,
	}[metric]
}

// Subject is somebody that rules are held against.
type Subject struct {
	Name string   // how it is told; may be empty where there is only one
	By   []string // what Rule.Of may call it
	Numbers
}

// Verdict is what became of a rule.
type Verdict struct {
	Rule   Rule
	Missed bool
	Why    string // the number that decided, and whose it is
}

// String is the verdict as a line.
func (v Verdict) String() string {
	word := "held  "
	if v.Missed {
		word = "MISSED"
	}
	return fmt.Sprintf("%s %s: %s", word, v.Rule.Text, v.Why)
}

// Judge holds each rule against everybody it is about. One without samples has missed it: a run in which
// nothing was measured proves nothing.
func Judge(rules []Rule, subjects []Subject) []Verdict {
	out := make([]Verdict, len(rules))
	for i, r := range rules {
		out[i] = r.judge(subjects)
	}
	return out
}

func (r Rule) judge(subjects []Subject) Verdict {
	v := Verdict{Rule: r}
	missed, about := 0, 0
	worst := math.NaN()
	for _, s := range subjects {
		if r.Of != "" && !slices.Contains(s.By, r.Of) {
			continue
		}
		about++
		x := s.value(r.Metric)
		if math.IsNaN(x) || r.broken(x) {
			missed++
		}
		if about == 1 || !math.IsNaN(worst) && (math.IsNaN(x) || r.worse(x, worst)) {
			worst, v.Why = x, r.told(x, s.Name)
		}
	}
	if about == 0 {
		v.Missed, v.Why = true, "no samples"
		return v
	}
	v.Missed = missed > 0
	if missed > 1 {
		v.Why += fmt.Sprintf(", and %d more of %d", missed-1, about)
	}
	return v
}

// told is a value and whose it is.
func (r Rule) told(x float64, name string) string {
	text := "no samples"
	if !math.IsNaN(x) {
		text = r.format(x)
	}
	if name != "" {
		text += " (" + name + ")"
	}
	return text
}
