// Package threshold holds results against rules that say what must not be, such as "p99 > 200ms": the
// verdict of a run that nobody watches. It is pure: texts and numbers in, verdicts out.
package threshold

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Rule says what must not be.
type Rule struct {
	Text   string  // as it was written
	Of     string  // whom it is about: a policy, a scenario, or SCENARIO/POLICY; "" is about everybody
	Metric string  // one of Metrics
	Op     string  // one of > >= < <=
	Limit  float64 // in ms; a percentage where the metric is a share
}

// Metrics lists what a rule can be about. Latencies are those of successful requests.
func Metrics() []string {
	return []string{"mean", "p50", "p90", "p95", "p99", "p999", "max", "errors", "dropped"}
}

// isShare tells whether a metric is a share: errors of the requests that have ended, dropped of those that
// were due. The others are latencies.
func isShare(metric string) bool { return metric == "errors" || metric == "dropped" }

// Parse reads "[OF:]METRIC OP VALUE", with or without blanks: "p99>200ms", "q_factored:errors >= 0.1 %".
func Parse(text string) (Rule, error) {
	r := Rule{Text: strings.TrimSpace(text)}
	at := strings.IndexAny(text, "<>")
	if at < 0 {
		return r, fmt.Errorf("rule %q: want METRIC OP VALUE with one of > >= < <=, such as p99>200ms", text)
	}
	name, rest := strings.TrimSpace(text[:at]), text[at+1:]
	r.Op = text[at : at+1]
	if after, ok := strings.CutPrefix(rest, "="); ok {
		r.Op, rest = r.Op+"=", after
	}
	if i := strings.LastIndexByte(name, ':'); i >= 0 { // a scenario such as random:7 has a colon of its own
		r.Of, name = strings.TrimSpace(name[:i]), strings.TrimSpace(name[i+1:])
		if r.Of == "" {
			return r, fmt.Errorf("rule %q: whom is it about? Leave the colon out for everybody", text)
		}
	}
	if r.Metric = name; !slices.Contains(Metrics(), name) {
		return r, fmt.Errorf("rule %q: %q cannot be measured (allowed: %s)", text, name, strings.Join(Metrics(), ", "))
	}
	limit, err := parseLimit(strings.TrimSpace(rest), isShare(name))
	if err != nil {
		return r, fmt.Errorf("rule %q: %w", text, err)
	}
	r.Limit = limit
	return r, nil
}

// unit is what a value can be written in, and how much of it is one ms or one percent.
type unit struct {
	suffix string
	factor float64
	share  bool
}

// units are in the order in which they are tried: "s" ends others, too.
var units = []unit{{"%", 1, true}, {"us", 1e-3, false}, {"ms", 1, false}, {"s", 1e3, false}}

// parseLimit reads a time or a percentage. Its unit must be there: a bare number could be either.
func parseLimit(text string, share bool) (float64, error) {
	want := "a time with us, ms or s, such as 200ms"
	if share {
		want = "a percentage, such as 0.5%"
	}
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || u.share != share || v < 0 || math.IsInf(v, 0) || math.IsNaN(v) {
			break
		}
		return v * u.factor, nil
	}
	return 0, fmt.Errorf("%q is not %s", text, want)
}

// Check fails for a rule about somebody who is not among the names: it could never be kept, or broken.
func Check(rules []Rule, names []string) error {
	for _, r := range rules {
		if r.Of == "" || slices.Contains(names, r.Of) {
			continue
		}
		if len(names) == 0 {
			return fmt.Errorf("rule %q: %q: there are no policies here to tell apart; leave the name out", r.Text, r.Of)
		}
		return fmt.Errorf("rule %q: no policy and no scenario of this run is called %q (there are %s)", r.Text, r.Of, strings.Join(names, ", "))
	}
	return nil
}

// broken tells whether v is what must not be.
func (r Rule) broken(v float64) bool {
	switch r.Op {
	case ">":
		return v > r.Limit
	case ">=":
		return v >= r.Limit
	case "<":
		return v < r.Limit
	}
	return v <= r.Limit
}

// worse tells whether a is nearer to being broken, or further beyond, than b.
func (r Rule) worse(a, b float64) bool {
	if strings.HasPrefix(r.Op, ">") {
		return a > b
	}
	return a < b
}

// format writes a value of the rule's metric.
func (r Rule) format(v float64) string {
	text := strconv.FormatFloat(v, 'f', 1, 64)
	if v < 10 {
		text = strconv.FormatFloat(v, 'g', 3, 64)
	}
	if isShare(r.Metric) {
		return text + " %"
	}
	return text + " ms"
}
